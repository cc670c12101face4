package dev.luthier.text.template;

import java.util.ArrayList;
import java.util.List;

/// A parsed chat template. Immutable; one template may render on many threads at once.
///
/// The language is the Jinja that transformers compiles: jinja2's immutable sandbox with
/// `trim_blocks`, `lstrip_blocks`, `break`, `continue`, `{% generation %}`, its `tojson`,
/// `raise_exception` and `strftime_now`. Undefined names print as nothing.
public final class ChatTemplate {
  private static final int SOURCE_CHARACTERS_MAX = 1 << 20;

  private final List<Statement> statements;

  private ChatTemplate(List<Statement> statements) {
    this.statements = statements;
  }

  /// Reads a template.
  ///
  /// @throws TemplateException if it is no template of the supported language
  public static ChatTemplate parse(String source) {
    if (source.length() > SOURCE_CHARACTERS_MAX) {
      throw new TemplateException(
          1,
          "a template of %d characters exceeds the limit of %d"
              .formatted(source.length(), SOURCE_CHARACTERS_MAX));
    }
    return new ChatTemplate(StatementParser.parse(source));
  }

  /// Renders with [RenderLimits#DEFAULT].
  ///
  /// @throws TemplateException if the template refuses the input, fails, or exceeds a limit
  public Rendered render(TemplateInput input) {
    return render(input, RenderLimits.DEFAULT);
  }

  /// Renders within limits of the caller: long training rows need more than a prompt.
  ///
  /// @throws TemplateException if the template refuses the input, fails, or exceeds a limit
  public Rendered render(TemplateInput input, RenderLimits limits) {
    Fuel fuel = new Fuel(limits);
    Interpreter interpreter = new Interpreter(fuel);
    try {
      return rendered(interpreter.render(statements, scope(input, fuel)));
    } catch (Refusal refusal) {
      throw new TemplateException(interpreter.line(), refusal.reason());
    } catch (StackOverflowError e) {
      // The limit of depth is meant to come first; a caller with a small stack gets the same
      // answer.
      throw new TemplateException(interpreter.line(), "nested too deeply for this thread's stack");
    }
  }

  private static Scope scope(TemplateInput input, Fuel fuel) {
    Scope globals = Scope.outermost();
    new Globals(fuel, input.clock()).addTo(globals);
    Scope scope = globals.inner();
    input.specialTokens().forEach((name, token) -> scope.set(name, Text.of(token)));
    scope.set("messages", InputValues.messages(input.messages()));
    scope.set(
        "tools",
        input.tools().map(tools -> InputValues.value(tools, Text.TOOLS)).orElse(Value.NONE));
    scope.set("documents", Value.NONE);
    scope.set("add_generation_prompt", Value.of(input.addGenerationPrompt()));
    return scope;
  }

  private static Rendered rendered(Text text) {
    List<Span> spans = new ArrayList<>(text.runs());
    int start = 0;
    for (int run = 0; run < text.runs(); run++) {
      spans.add(new Span(start, text.runEnd(run), origin(text.runOrigin(run))));
      start = text.runEnd(run);
    }
    return new Rendered(text.chars(), spans);
  }

  private static Origin origin(int origin) {
    return switch (origin) {
      case Text.TEMPLATE -> new Origin.Template();
      case Text.TOOLS -> new Origin.Tools();
      default -> new Origin.Message(origin);
    };
  }
}
