package dev.luthier.app.client;

import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The body of an upload: one text field and one file, the file streamed from disk.
record Multipart(String boundary, BodyPublisher body) {
  static Multipart upload(Path file, String purpose, String boundary) throws FileNotFoundException {
    String name = file.getFileName().toString().replace("\\", "_").replace("\"", "%22");
    String head =
        "--%1$s\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n%2$s\r\n--%1$s\r\n"
                .formatted(boundary, purpose)
            + "Content-Disposition: form-data; name=\"file\"; filename=\""
            + name
            + "\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n";
    return new Multipart(
        boundary,
        BodyPublishers.concat(
            text(head), BodyPublishers.ofFile(file), text("\r\n--" + boundary + "--\r\n")));
  }

  String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  private static BodyPublisher text(String text) {
    return BodyPublishers.ofByteArray(text.getBytes(StandardCharsets.UTF_8));
  }
}
