package dev.luthier.http.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// The header that names a downloaded file. A user's file name is data: it must not be able to end
/// the header or its quotes.
public final class ContentDisposition {
  private ContentDisposition() {}

  /// With the name in quotes as OpenAI sends it, and, when it holds more than plain ASCII, again in
  /// the form of RFC 6266.
  public static String attachment(String filename) {
    var plain = filename.replaceAll("[^ -~]", "_").replaceAll("[\"\\\\]", "_");
    var header = "attachment; filename=\"" + plain + "\"";
    if (plain.equals(filename)) {
      return header;
    }
    var encoded = URLEncoder.encode(filename, StandardCharsets.UTF_8).replace("+", "%20");
    return header + "; filename*=UTF-8''" + encoded;
  }
}
