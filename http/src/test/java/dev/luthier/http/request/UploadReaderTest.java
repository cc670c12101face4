package dev.luthier.http.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.HttpServer;
import dev.luthier.http.HttpSettings;
import dev.luthier.http.RawHttp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadReaderTest {

  private static final int BYTES_MAX = 100_000;

  @TempDir Path folder;
  private HttpServer server;
  private final BlockingQueue<String> spooled = new ArrayBlockingQueue<>(10);

  @BeforeEach
  void start() throws IOException {
    Files.writeString(folder.resolve("MultiPart1234"), "left by a process that was killed");
    var reader = new UploadReader(folder, BYTES_MAX);
    server =
        new HttpServer(
            new HttpSettings("127.0.0.1", 0, Duration.ofSeconds(1)),
            List.of(routes ->
                routes.post(
                    "/v1/files",
                    context -> {
                      try (var form = reader.read(context)) {
                        spooled.add("" + namesIn(folder).size());
                        var file = form.file("file").orElseThrow();
                        try (var content = file.open()) {
                          var bytes = content.readAllBytes();
                          context.result(
                              "%s %s %d %d"
                                  .formatted(
                                      file.name(),
                                      form.field("purpose").orElse("(none)"),
                                      bytes.length,
                                      Arrays.hashCode(bytes)));
                        }
                      }
                    })),
            Clock.systemUTC(),
            new Random(7));
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whatAKilledProcessLeftIsRemoved() throws IOException {
    assertEquals(List.of(), namesIn(folder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Python: the purpose first.
        """
        --b
        Content-Disposition: form-data; name="purpose"

        fine-tune
        --b
        Content-Disposition: form-data; name="file"; filename="a.jsonl"
        Content-Type: application/octet-stream

        {"a":1}
        --b--
        """,
        // Node and Java: the file first, fields with a type of their own, one more line at the end.
        """
        --b
        Content-Disposition: form-data; name="file"; filename="a.jsonl"
        Content-Type: application/octet-stream

        {"a":1}
        --b
        Content-Disposition: form-data; name="purpose"
        Content-Type: text/plain; charset=utf-8

        fine-tune
        --b--

        """,
        // Ruby: an empty type. A field beside the two, a folder in the name.
        """
        --b
        Content-Disposition: form-data; name="file"; filename="../x/a.jsonl"
        Content-Type:

        {"a":1}
        --b
        Content-Disposition: form-data; name="other"

        1
        --b
        Content-Disposition: form-data; name="purpose"

        fine-tune
        --b--
        """
      })
  void partsMayComeInAnyOrderAndShape(String body) throws IOException {
    var expected = "a.jsonl fine-tune 7 " + Arrays.hashCode("{\"a\":1}".getBytes(UTF_8));
    assertEquals(expected, upload(body).text());
    assertEquals(expected, uploadInChunks(body).text());
    assertEquals(List.of(), namesIn(folder));
  }

  @Test
  void filenameMayBeMissingOrOfAnyAlphabet() throws IOException {
    assertTrue(upload(form("name=\"file\"", "x")).text().startsWith("upload fine-tune 1 "));
    assertTrue(
        upload(form("name=\"file\"; filename=\"éß 中.jsonl\"", "x"))
            .text()
            .startsWith("éß 中.jsonl fine-tune 1 "));
    assertTrue(
        upload(form("name=\"file\"; filename=\"x\"; filename*=UTF-8''%C3%A9%20b.jsonl", "x"))
            .text()
            .startsWith("é b.jsonl fine-tune 1 "));
  }

  @Test
  void fileOfExactlyTheLimitPassesAndOneByteMoreIs413() throws IOException {
    var full = "x".repeat(BYTES_MAX);
    assertEquals(200, upload(form("name=\"file\"; filename=\"a\"", full)).status());
    for (var over : List.of(full + "x", full.repeat(30))) {
      for (boolean chunked : new boolean[] {false, true}) {
        var body = form("name=\"file\"; filename=\"a\"", over);
        var answer = chunked ? uploadInChunks(body) : upload(body);
        assertEquals(413, answer.status(), answer.text());
        assertTrue(answer.text().contains("" + BYTES_MAX), answer.text());
        assertTrue(answer.text().contains("\"invalid_request_error\""), answer.text());
      }
    }
    assertEquals(List.of(), namesIn(folder));
  }

  @Test
  void curlsExpectationIsAnswered() throws IOException {
    var body = form("name=\"file\"; filename=\"a.jsonl\"", "x").replace("\n", "\r\n");
    try (var http = new RawHttp(server.port())) {
      http.send(
          "POST /v1/files HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
              + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: "
              + body.length()
              + "\r\n\r\n");
      assertEquals("HTTP/1.1 100 Continue", http.line());
      assertEquals("", http.line());
      http.send(body);
      assertEquals(200, http.answer().status());
    }
  }

  @Test
  void formThatIsNoneIsRefusedInWords() throws IOException {
    assertEquals(415, send("Content-Type: application/json\n", "{}").status());
    assertEquals(415, send("", "{}").status());
    assertEquals(400, send("Content-Type: multipart/form-data\n", "x").status());
    assertEquals(400, upload("nonsense").status());
    assertEquals(
        400, upload("--b\nContent-Disposition: form-data; name=\"file\"\n\nbroken off").status());
    assertEquals(List.of(), namesIn(folder));
  }

  @Test
  void clientThatLeavesInTheMiddleLeavesNothing() throws Exception {
    try (var http = new RawHttp(server.port())) {
      http.send(
          ("POST /v1/files HTTP/1.1\nHost: x\nContent-Type: multipart/form-data; boundary=b\n"
                  + "Content-Length: 90000\n\n--b\n"
                  + "Content-Disposition: form-data; name=\"file\"; filename=\"a\"\n\n"
                  + "x".repeat(50_000))
              .replace("\n", "\r\n"));
      waitUntilSpooled(1);
    }
    waitUntilSpooled(0);
  }

  private void waitUntilSpooled(int files) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (namesIn(folder).size() != files && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertEquals(files, namesIn(folder).size(), "spooled files: " + namesIn(folder));
  }

  private static String form(String file, String content) {
    return """
    --b
    Content-Disposition: form-data; %s

    %s
    --b
    Content-Disposition: form-data; name="purpose"

    fine-tune
    --b--
    """
        .formatted(file, content);
  }

  private RawHttp.Answer upload(String body) throws IOException {
    return send("Content-Type: multipart/form-data; boundary=b\n", body);
  }

  private RawHttp.Answer send(String headers, String body) throws IOException {
    var bytes = body.replace("\n", "\r\n").getBytes(UTF_8);
    try (var http = new RawHttp(server.port())) {
      http.send(
          ("POST /v1/files HTTP/1.1\nHost: x\n"
                  + headers
                  + "Content-Length: "
                  + bytes.length
                  + "\n\n")
              .replace("\n", "\r\n"));
      http.send(bytes);
      return http.answer();
    }
  }

  private RawHttp.Answer uploadInChunks(String body) throws IOException {
    try (var http = new RawHttp(server.port())) {
      http.send(
          """
          POST /v1/files HTTP/1.1
          Host: x
          Content-Type: multipart/form-data; boundary=b
          Transfer-Encoding: chunked

          """
              .replace("\n", "\r\n"));
      var text = body.replace("\n", "\r\n");
      for (int start = 0; start < text.length(); start += 50_000) {
        var chunk = text.substring(start, Math.min(text.length(), start + 50_000));
        http.send(Integer.toHexString(chunk.getBytes(UTF_8).length) + "\r\n" + chunk + "\r\n");
      }
      http.send("0\r\n\r\n");
      return http.answer();
    }
  }

  private static List<String> namesIn(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
