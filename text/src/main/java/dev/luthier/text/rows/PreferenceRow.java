package dev.luthier.text.rows;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A conversation and two answers to it, of which one is preferred.
///
/// @param line the line in its file, from 1
/// @param messages the conversation; its last message is not the assistant's
/// @param preferred the assistant's message to prefer, and `other` the one beside it
public record PreferenceRow(
    int line, JsonNode messages, Optional<JsonNode> tools, JsonNode preferred, JsonNode other)
    implements Row {

  /// The conversation with the preferred answer, which alone of it is trained.
  public ChatRow preferredRow() {
    return with(preferred);
  }

  /// The conversation with the other answer, which alone of it is trained.
  public ChatRow otherRow() {
    return with(other);
  }

  private ChatRow with(JsonNode answer) {
    ArrayNode whole = JsonNodeFactory.instance.arrayNode();
    for (JsonNode message : messages) {
      ObjectNode copy = ((ObjectNode) message).deepCopy();
      if (copy.path("role").asString("").equals("assistant")) {
        copy.put("weight", 0);
      }
      whole.add(copy);
    }
    whole.add(((ObjectNode) answer).deepCopy().without("weight"));
    return new ChatRow(line, whole, tools);
  }

  /// Both, the preferred one first.
  @Override
  public List<Conversation> conversations() {
    return List.of(preferredRow(), otherRow());
  }
}
