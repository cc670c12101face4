package dev.luthier.platform.graders;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A message to a model with places to fill in.
public record MessageTemplate(String role, Template content) {
  /// Whom a message may be from.
  public static final List<String> ROLES = List.of("user", "assistant", "system", "developer");

  /// The messages of a conversation, as chat completions take them.
  public static ArrayNode fill(List<MessageTemplate> messages, Scope scope) {
    ArrayNode filled = JsonNodeFactory.instance.arrayNode();
    for (MessageTemplate message : messages) {
      filled.addObject().put("role", message.role()).put("content", message.content().fill(scope));
    }
    return filled;
  }
}
