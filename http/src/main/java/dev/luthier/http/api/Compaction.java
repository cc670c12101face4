package dev.luthier.http.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.luthier.http.request.Value;
import dev.luthier.platform.errors.ErrorCode;
import java.util.Base64;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The item that stands for what was said before, in short. OpenAI encrypts its content, which is
/// nobody's business but its models'; here it is the summary in base64, and no secret.
final class Compaction {
  static final String TYPE = "compaction";

  private static final String MARK = "luthier-summary-1:";
  private static final String INTRODUCTION = "What was said before, in short: ";

  private Compaction() {}

  static ObjectNode of(String id, String summary) {
    return item(id, Base64.getEncoder().encodeToString((MARK + summary).getBytes(UTF_8)));
  }

  /// One that a client sends back; refused unless it was made here.
  static ObjectNode read(String id, Value content) {
    var item = item(id, content.string());
    if (!decoded(item).startsWith(MARK)) {
      throw content.refusal(
          ErrorCode.INVALID_VALUE,
          "Invalid value: '%s'. It is not the content of a compaction that this server made.");
    }
    return item;
  }

  /// What the model is told of it.
  static String told(ObjectNode item) {
    return INTRODUCTION + decoded(item).substring(MARK.length());
  }

  private static ObjectNode item(String id, String content) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", TYPE)
        .put("id", id)
        .put("encrypted_content", content);
  }

  private static String decoded(ObjectNode item) {
    try {
      return new String(
          Base64.getDecoder().decode(item.path("encrypted_content").asString()), UTF_8);
    } catch (IllegalArgumentException _) {
      return "";
    }
  }
}
