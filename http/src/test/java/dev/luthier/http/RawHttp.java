package dev.luthier.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Speaks HTTP/1.1 byte by byte, for requests that no client library would send.
public final class RawHttp implements AutoCloseable {

  /// An answer: its status, its headers by lower-case name, its body with chunks joined, as UTF-8.
  public record Answer(int status, Map<String, String> headers, String text) {
    public String header(String name) {
      return Optional.ofNullable(headers.get(name)).orElse("(no header " + name + ")");
    }
  }

  private final Socket socket;

  public RawHttp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
  }

  /// Sends `request`, with LF turned to CRLF, and reads the answer.
  public static Answer exchange(int port, String request) throws IOException {
    try (var http = new RawHttp(port)) {
      http.send(request.replace("\n", "\r\n"));
      return http.answer();
    }
  }

  public void send(String text) throws IOException {
    send(text.getBytes(UTF_8));
  }

  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.getOutputStream().flush();
  }

  public Answer answer() throws IOException {
    return read(false);
  }

  /// The answer to a HEAD request: headers only.
  public Answer headAnswer() throws IOException {
    return read(true);
  }

  /// The next line, without its end.
  public String line() throws IOException {
    var line = new ByteArrayOutputStream();
    var input = socket.getInputStream();
    for (int b = input.read(); b != '\n'; b = input.read()) {
      if (b < 0) {
        throw new IOException("the connection ended after '" + line.toString(ISO_8859_1) + "'");
      }
      line.write(b);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }

  private Answer read(boolean head) throws IOException {
    int status = Integer.parseInt(line().split(" ", 3)[1]);
    var headers = new LinkedHashMap<String, String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    if (status == 100) {
      return read(head);
    }
    return new Answer(status, headers, head ? "" : new String(body(headers), UTF_8));
  }

  private byte[] body(Map<String, String> headers) throws IOException {
    InputStream input = socket.getInputStream();
    var length = headers.get("content-length");
    if (length != null) {
      return input.readNBytes(Integer.parseInt(length));
    }
    var body = new ByteArrayOutputStream();
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      for (int size = chunkSize(); size > 0; size = chunkSize()) {
        body.write(input.readNBytes(size));
        line();
      }
      line();
    }
    return body.toByteArray();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
