package dev.luthier.text.rows;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// An example of reinforcement: messages that an answer is to follow, and whatever else a grader
/// may read of it.
///
/// @param line the line in its file, from 1
/// @param item the whole object, as it was in the file
/// @param tools those that can be offered
public record PromptRow(int line, JsonNode item, Optional<JsonNode> tools) implements Conversation {
  /// The conversation; its last message is not the assistant's.
  @Override
  public JsonNode messages() {
    return item.path("messages");
  }
}
