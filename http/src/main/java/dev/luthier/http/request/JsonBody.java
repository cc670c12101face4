package dev.luthier.http.request;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.wire.Json;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Reads the JSON object of a request, up to a limit.
public final class JsonBody {

  /// The most bytes of a JSON body; uploads have a limit of their own.
  public static final int BYTES_MAX = 16 * 1024 * 1024;

  private JsonBody() {}

  /// The body's fields. An empty body has none, so that the first required field is refused by its
  /// name; anything but an object is not the JSON that was asked for.
  public static Fields read(Context context) throws IOException {
    var bytes = bytes(context);
    if (bytes.length == 0) {
      return new Fields(Json.tree("{}"), "");
    }
    var tree = tree(bytes);
    if (!tree.isObject()) {
      throw notJson("It is " + JsonType.of(tree) + " and not an object.");
    }
    return new Fields(tree, "");
  }

  private static byte[] bytes(Context context) throws IOException {
    if (context.req().getContentLengthLong() > BYTES_MAX) {
      throw tooLarge(context.req().getContentLengthLong() + " bytes");
    }
    var bytes = context.req().getInputStream().readNBytes(BYTES_MAX + 1);
    if (bytes.length > BYTES_MAX) {
      throw tooLarge("more");
    }
    return bytes;
  }

  private static JsonNode tree(byte[] bytes) {
    try {
      return Json.tree(bytes);
    } catch (JacksonException broken) {
      // What goes beyond the parser's limits, of nesting for one, has no place.
      var place =
          Optional.ofNullable(broken.getLocation())
              .map(at -> " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr()));
      throw notJson(Value.shortened(withoutSource(broken.getOriginalMessage())) + place.orElse(""));
    }
  }

  /// Jackson repeats in brackets where the broken object began; the place that is told says enough.
  private static String withoutSource(String message) {
    int start = message.indexOf(" (start marker at");
    return start < 0 ? message : message.substring(0, start);
  }

  private static ApiException notJson(String detail) {
    return new ApiException(
        ErrorCode.INVALID_REQUEST,
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't"
            + " using your HTTP library correctly. The OpenAI API expects a JSON payload, but what"
            + " was sent was not valid JSON. "
            + detail
            + ")",
        Optional.empty());
  }

  private static ApiException tooLarge(String got) {
    return new ApiException(
        ErrorCode.TOO_LARGE,
        "The body of a request may hold %d bytes, but got %s. Send less text at once; files go to"
                .formatted(BYTES_MAX, got)
            + " /v1/files.",
        Optional.empty());
  }
}
