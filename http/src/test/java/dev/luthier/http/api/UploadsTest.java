package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.RawHttp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Files that come in parts.
class UploadsTest {
  private static final String FIRST = "{\"a\":1}";
  private static final String SECOND = "{\"b\":2}";
  private static final String MD5 = "9c75a5c5cd6d1cfb1e7ea9e54e47cdfd";

  @TempDir Path folder;
  private ApiFixture api;

  @BeforeEach
  void start() {
    api = new ApiFixture(folder);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void partsBecomeAFileInTheOrderTheyAreNamed() throws Exception {
    var upload = created(14);
    assertEquals(
        List.of(
            "id",
            "object",
            "bytes",
            "created_at",
            "filename",
            "purpose",
            "status",
            "expires_at",
            "file"),
        ApiFixture.keys(upload));
    assertEquals("pending", upload.get("status").asString());
    assertEquals(ApiFixture.NOW + 3600, upload.get("expires_at").asLong());
    var second = part(upload, SECOND);
    var first = part(upload, FIRST);
    assertEquals(List.of("id", "object", "created_at", "upload_id"), ApiFixture.keys(first));
    assertEquals("upload.part", first.get("object").asString());
    assertEquals(upload.get("id"), first.get("upload_id"));
    var whole = ApiFixture.json(complete(upload, ids(first, second) + md5(FIRST + SECOND)));
    assertEquals("completed", whole.get("status").asString(), whole::toString);
    var file = whole.get("file");
    assertEquals(14, file.get("bytes").asInt());
    assertEquals("rows.jsonl", file.get("filename").asString());
    var content = api.get("/v1/files/" + file.get("id").asString() + "/content");
    assertEquals(FIRST + SECOND, content.text());
    refused(complete(upload, ids(first, second)), "is completed");
    refused(added(upload, "more"), "is completed");
  }

  @Test
  void whatDoesNotFitIsRefusedAndTheUploadStaysOpen() throws Exception {
    var upload = created(14);
    var first = part(upload, FIRST);
    refused(complete(upload, ids(first)), "7 bytes together");
    refused(complete(upload, ids(first, first)), "named twice");
    refused(complete(upload, "\"part_ids\":[\"part_0\"]"), "has no part 'part_0'");
    var second = part(upload, SECOND);
    refused(complete(upload, ids(first, second) + ",\"md5\":\"" + MD5 + "\""), "MD5");
    assertEquals(200, complete(upload, ids(first, second)).status());
  }

  @Test
  void aCancelledUploadTakesNothing() throws Exception {
    var upload = created(14);
    var first = part(upload, FIRST);
    var cancelled = api.post("/v1/uploads/" + upload.get("id").asString() + "/cancel", "");
    assertEquals("cancelled", ApiFixture.json(cancelled).get("status").asString());
    refused(added(upload, SECOND), "is cancelled");
    refused(complete(upload, ids(first)), "is cancelled");
    assertEquals(404, api.post("/v1/uploads/upload_0123456789abcdef01234567/cancel", "").status());
    assertEquals(404, api.post("/v1/uploads/../cancel", "").status());
  }

  @Test
  void whatCannotBecomeAFileIsNotBegun() throws Exception {
    refused(api.post("/v1/uploads", body("rows.txt", "fine-tune", 14)), "Must be .jsonl");
    refused(api.post("/v1/uploads", body("rows.jsonl", "poems", 14)), "'poems'");
    refused(api.post("/v1/uploads", body("rows.jsonl", "fine-tune", 0)), "'bytes'");
    refused(api.post("/v1/uploads", body("rows.jsonl", "fine-tune", (8L << 30) + 1)), "'bytes'");
  }

  private JsonNode created(long bytes) throws IOException {
    return ApiFixture.json(api.post("/v1/uploads", body("rows.jsonl", "fine-tune", bytes)));
  }

  private static String body(String filename, String purpose, long bytes) {
    return "{\"filename\":\"%s\",\"purpose\":\"%s\",\"bytes\":%d,\"mime_type\":\"text/jsonl\"}"
        .formatted(filename, purpose, bytes);
  }

  private JsonNode part(JsonNode upload, String content) throws IOException {
    var answer = added(upload, content);
    assertEquals(200, answer.status(), answer.text());
    return ApiFixture.json(answer);
  }

  private RawHttp.Answer added(JsonNode upload, String content) throws IOException {
    return api.addPart(upload.get("id").asString(), content);
  }

  private RawHttp.Answer complete(JsonNode upload, String fields) throws IOException {
    return api.post("/v1/uploads/" + upload.get("id").asString() + "/complete", "{" + fields + "}");
  }

  private static String ids(JsonNode... parts) {
    var ids = new StringBuilder();
    for (JsonNode part : parts) {
      ids.append(ids.isEmpty() ? "" : ",")
          .append('"')
          .append(part.get("id").asString())
          .append('"');
    }
    return "\"part_ids\":[" + ids + "]";
  }

  private static String md5(String content) throws Exception {
    byte[] sum = MessageDigest.getInstance("MD5").digest(content.getBytes(StandardCharsets.UTF_8));
    return ",\"md5\":\"" + HexFormat.of().withUpperCase().formatHex(sum) + "\"";
  }

  private static void refused(RawHttp.Answer answer, String words) {
    assertEquals(400, answer.status(), answer.text());
    var message = ApiFixture.json(answer).get("error").get("message").asString();
    assertTrue(message.contains(words), message);
  }
}
