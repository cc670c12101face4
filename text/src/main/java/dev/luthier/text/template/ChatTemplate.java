package dev.luthier.text.template;

/// A parsed chat template. Immutable; one template may render on many threads at once.
public final class ChatTemplate {
  private final String source;

  private ChatTemplate(String source) {
    this.source = source;
  }

  /// Reads a template.
  ///
  /// @throws TemplateException if it is no template of the supported language
  public static ChatTemplate parse(String source) {
    return new ChatTemplate(source);
  }

  /// Renders with [RenderLimits#DEFAULT].
  ///
  /// @throws TemplateException if the template refuses the input, fails, or exceeds a limit
  public Rendered render(TemplateInput input) {
    return render(input, RenderLimits.DEFAULT);
  }

  /// Renders within limits of the caller: long training rows need more than a prompt.
  public Rendered render(TemplateInput input, RenderLimits limits) {
    if (limits.steps() > 0) {
      throw new UnsupportedOperationException("being written: " + input + source);
    }
    return new Rendered("", java.util.List.of());
  }
}
