package dev.luthier.platform.stored;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The item that stands for what was said before, in short. OpenAI encrypts its content, which is
/// nobody's business but its models'; here it is the summary in base64, and no secret.
public final class Compaction {
  public static final String TYPE = "compaction";

  private static final String MARK = "luthier-summary-1:";
  private static final String INTRODUCTION = "What was said before, in short: ";

  private Compaction() {}

  public static ObjectNode of(String id, String summary) {
    return item(id, Base64.getEncoder().encodeToString((MARK + summary).getBytes(UTF_8)));
  }

  /// One that a client sends back; empty when it was not made here.
  public static Optional<ObjectNode> read(String id, String content) {
    var item = item(id, content);
    return decoded(item).startsWith(MARK) ? Optional.of(item) : Optional.empty();
  }

  /// What the model is told of it.
  static String told(JsonNode item) {
    return INTRODUCTION + decoded(item).substring(MARK.length());
  }

  private static ObjectNode item(String id, String content) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", TYPE)
        .put("id", id)
        .put("encrypted_content", content);
  }

  private static String decoded(JsonNode item) {
    try {
      return new String(
          Base64.getDecoder().decode(item.path("encrypted_content").asString()), UTF_8);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }
}
