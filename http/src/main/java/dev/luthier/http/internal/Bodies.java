package dev.luthier.http.internal;

import dev.luthier.platform.trainer.Blob;
import dev.luthier.wire.Json;
import io.javalin.http.Context;
import java.io.IOException;

/// Bodies of internal requests and answers.
final class Bodies {
  /// Lets the receiver of a file check its bytes.
  static final String SHA256_HEADER = "Luthier-Sha256";

  private static final int JSON_BYTES_MAX = 1 << 20;

  private Bodies() {}

  static <T> T read(Context context, Class<T> type) throws IOException {
    return read(context, type, JSON_BYTES_MAX);
  }

  static <T> T read(Context context, Class<T> type, int bytesMax) throws IOException {
    byte[] body = context.bodyInputStream().readNBytes(bytesMax + 1);
    if (body.length > bytesMax) {
      throw new IllegalArgumentException(
          "the body has more than " + bytesMax + " bytes; send less at once");
    }
    return Json.read(body, type);
  }

  static void answer(Context context, Object body) {
    context.contentType("application/json").result(Json.bytes(body));
  }

  static void answer(Context context, Blob blob) {
    context.res().setContentLengthLong(blob.bytes());
    context
        .contentType("application/octet-stream")
        .header(SHA256_HEADER, blob.sha256())
        .result(blob.stream());
  }
}
