package dev.luthier.text;

import dev.luthier.text.template.Rendered;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Writes a conversation as the model was trained to read it.
@FunctionalInterface
interface PromptRenderer {
  /// Renders messages in the spelling of [ChatMessages].
  ///
  /// @param answerBegins whether the text goes on to where the assistant's answer begins
  /// @throws MessagesException if the template refuses the messages
  Rendered render(JsonNode messages, Optional<JsonNode> tools, boolean answerBegins);
}
