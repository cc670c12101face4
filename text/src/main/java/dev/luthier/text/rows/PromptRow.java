package dev.luthier.text.rows;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// An example of reinforcement: messages that an answer is to follow, and whatever else a grader
/// may read of it.
///
/// @param line the line in its file, from 1
/// @param item the whole object, as it was in the file
public record PromptRow(int line, JsonNode item) {
  /// The conversation; its last message is the user's.
  public JsonNode messages() {
    return item.path("messages");
  }

  /// What the model may call.
  public Optional<JsonNode> tools() {
    JsonNode tools = item.path("tools");
    return tools.isArray() && !tools.isEmpty() ? Optional.of(tools) : Optional.empty();
  }
}
