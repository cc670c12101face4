package dev.luthier.http;

import dev.luthier.wire.Json;
import io.javalin.http.Context;

/// Writes answers as the API prints them: JSON indented by two spaces.
public final class Answers {

  /// Without a charset: JSON is UTF-8, and clients compare this header with what they know.
  static final String JSON = "application/json";

  private Answers() {}

  /// On one line, for answers of many numbers.
  public static void compact(Context context, Object value) {
    context.contentType(JSON).result(Json.bytes(value));
  }

  public static void json(Context context, Object value) {
    context.contentType(JSON).result(Json.prettyBytes(value));
  }
}
