package dev.luthier.http.api;

import dev.luthier.platform.chat.GenerationRequest;
import dev.luthier.platform.chat.Prompt;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Makes a conversation that is too long for its model shorter.
final class Truncation {
  private Truncation() {}

  /// The conversation without its oldest turn; what instructions say stays, and the outputs of
  /// calls go with them. Empty when only the last message is left.
  static Optional<GenerationRequest> shorter(GenerationRequest request) {
    if (!(request.prompt() instanceof Prompt.Messages(var messages, var tools))) {
      return Optional.empty();
    }
    var rest = ((ArrayNode) messages).deepCopy();
    int first = 0;
    while (first < rest.size() && isInstruction(rest.get(first))) {
      first++;
    }
    do {
      if (first >= rest.size() - 1) {
        return Optional.empty();
      }
      rest.remove(first);
    } while (rest.get(first).path("role").asString().equals("tool"));
    return Optional.of(
        new GenerationRequest(
            new Prompt.Messages(rest, tools),
            request.choices(),
            request.maxTokens(),
            request.stop(),
            request.sampling(),
            request.topLogprobs(),
            request.echo(),
            request.form()));
  }

  private static boolean isInstruction(JsonNode message) {
    String role = message.path("role").asString();
    return role.equals("system") || role.equals("developer");
  }
}
