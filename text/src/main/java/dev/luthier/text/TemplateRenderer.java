package dev.luthier.text;

import dev.luthier.text.template.ChatTemplate;
import dev.luthier.text.template.RenderLimits;
import dev.luthier.text.template.Rendered;
import dev.luthier.text.template.TemplateException;
import dev.luthier.text.template.TemplateInput;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Renders by the base's chat template.
record TemplateRenderer(ChatTemplate template, Map<String, String> specialTokens, Clock clock)
    implements PromptRenderer {
  /// Twice the longest line of a file of rows, with some steps for every character of it.
  private static final RenderLimits LIMITS = new RenderLimits(100_000_000, 32 << 20, 200);

  TemplateRenderer {
    specialTokens = Map.copyOf(specialTokens);
  }

  @Override
  public Rendered render(JsonNode messages, Optional<JsonNode> tools, boolean answerBegins) {
    try {
      return template.render(
          new TemplateInput(messages, tools, answerBegins, specialTokens, clock), LIMITS);
    } catch (TemplateException e) {
      throw new MessagesException(
          -1, "the model's chat template refuses the messages: " + e.reason());
    }
  }
}
