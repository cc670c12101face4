package dev.luthier.text.rows;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// One training example: a conversation as OpenAI's format has it, and where it stood.
///
/// @param line the line in its file, from 1
/// @param messages the `messages` array as it was in the file, without calls that cannot be used
/// @param tools those of the `tools` array that can be offered; a legacy `functions` array arrives
///   here as tools
public record ChatRow(int line, JsonNode messages, Optional<JsonNode> tools)
    implements Conversation {
  /// Whether a message is an answer to learn: the assistant's, and not of weight 0.
  public static boolean isTrained(JsonNode message) {
    JsonNode weight = message.path("weight");
    return message.path("role").asString("").equals("assistant")
        && !(weight.isNumber() && weight.asDouble() == 0);
  }
}
