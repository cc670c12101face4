package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesTest {

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
  void uploadAnswersTheFileAsProcessed() throws Exception {
    var answer = api.upload("train.jsonl", "fine-tune", "{\"a\":1}");
    assertEquals(200, answer.status(), answer.text());
    var file = ApiFixture.json(answer);
    assertEquals(
        """
        {
          "object": "file",
          "id": "%s",
          "purpose": "fine-tune",
          "filename": "train.jsonl",
          "bytes": 7,
          "created_at": 1700000000,
          "expires_at": null,
          "status": "processed",
          "status_details": null
        }\
        """
            .formatted(file.get("id").asString()),
        answer.text());
    assertTrue(file.get("id").asString().matches("file-[A-Za-z0-9]{22,24}"));
    assertEquals(answer.text(), api.get("/v1/files/" + file.get("id").asString()).text());
  }

  @Test
  void whatTheServiceRefusesLeavesNothingBehind() throws Exception {
    var rows =
        List.of(
            List.of("a.jsonl", "", "Missing required parameter: 'purpose'."),
            List.of("a.jsonl", "mood", "Invalid value: 'mood'. Supported values are: 'assistants'"),
            List.of(
                "a.txt", "fine-tune", "Invalid file format for Fine-Tuning API. Must be .jsonl"));
    for (var row : rows) {
      var answer = api.upload(row.get(0), row.get(1), "x");
      assertEquals(400, answer.status(), answer.text());
      assertTrue(answer.text().contains(row.get(2)), answer.text());
    }
    assertEquals(400, api.upload("a.jsonl", "fine-tune", "").status());
    assertEquals(List.of(), api.files.keys());
    assertEquals(0, folder.toFile().list().length);
  }

  @Test
  void bytesWithoutANameOfTheirOwnAreTakenForTraining() throws Exception {
    assertEquals(200, api.upload("upload", "fine-tune", "{}").status());
  }

  @Test
  void contentComesBackAsItWasSentUnderItsName() throws Exception {
    var id = api.uploaded("é\u00df.jsonl", "{\"text\":\"é\"}");
    var answer = api.get("/v1/files/" + id + "/content");
    assertEquals(200, answer.status());
    assertEquals("{\"text\":\"é\"}", answer.text());
    assertEquals("application/octet-stream", answer.header("content-type"));
    assertEquals(
        "attachment; filename=\"__.jsonl\"; filename*=UTF-8''%C3%A9%C3%9F.jsonl",
        answer.header("content-disposition"));
  }

  @Test
  void listIsNewestFirstPagesToAnEndAndNamesItsEnds() throws Exception {
    var made = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      made.add(api.uploaded(i + ".jsonl", "{}"));
    }
    var seen = new ArrayList<String>();
    var query = "?limit=2";
    for (int page = 0; page < 4; page++) {
      var answer = api.get("/v1/files" + query);
      var list = ApiFixture.json(answer);
      assertEquals(
          List.of("object", "data", "first_id", "last_id", "has_more"), ApiFixture.keys(list));
      list.get("data").forEach(file -> seen.add(file.get("id").asString()));
      assertEquals(page < 2, list.get("has_more").asBoolean(), answer.text());
      assertEquals(page == 3, list.get("last_id").isNull(), answer.text());
      query = "?limit=2&after=" + seen.getLast();
    }
    assertEquals(made.reversed(), seen);
    assertEquals(5, ApiFixture.json(api.get("/v1/files?limit=")).get("data").size());
    assertEquals(0, ApiFixture.json(api.get("/v1/files?purpose=batch")).get("data").size());
    var ascending = ApiFixture.json(api.get("/v1/files?order=asc"));
    assertEquals(made.getFirst(), ascending.get("first_id").asString());
  }

  @Test
  void deletedFileIsGone() throws Exception {
    var id = api.uploaded("a.jsonl", "{}");
    var answer = api.delete("/v1/files/" + id);
    assertEquals(200, answer.status());
    assertEquals(List.of("object", "deleted", "id"), ApiFixture.keys(ApiFixture.json(answer)));
    assertEquals(404, api.get("/v1/files/" + id).status());
    assertEquals(404, api.delete("/v1/files/" + id).status());
  }
}
