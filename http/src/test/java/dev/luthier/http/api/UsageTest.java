package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class UsageTest {
  private static final String COMPLETIONS = "/v1/organization/usage/completions";
  private static final long HOUR = ApiFixture.NOW / 3600 * 3600;
  private static final String ASKED = "{\"model\":\"tiny-base\",\"prompt\":\"Hello?\"}";

  @TempDir Path folder;
  private ApiFixture api;

  @BeforeEach
  void start() throws IOException {
    api = new ApiFixture(folder);
    api.inference.says((_, sink) -> {
      sink.started(1_000);
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(1_000, 400, 200));
    });
    api.post("/v1/completions", ASKED);
    api.send("POST", "/v1/completions", ASKED);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private JsonNode get(String path) throws IOException {
    return ApiFixture.json(api.get(path));
  }

  @Test
  void tokensStandInTheirHour() throws IOException {
    var page =
        get(
            COMPLETIONS
                + "?start_time=%d&bucket_width=1h&end_time=%d".formatted(HOUR - 3600, HOUR + 3600));
    assertEquals(2, page.get("data").size());
    assertEquals(0, page.get("data").get(0).get("results").size());
    var bucket = page.get("data").get(1);
    assertEquals(HOUR, bucket.get("start_time").asLong());
    var result = bucket.get("results").get(0);
    assertEquals(2_000, result.get("input_tokens").asInt());
    assertEquals(400, result.get("input_cached_tokens").asInt());
    assertEquals(800, result.get("output_tokens").asInt());
    assertEquals(2, result.get("num_model_requests").asInt());
    assertTrue(result.get("model").isNull());
    assertTrue(result.get("batch").isNull());
    assertFalse(page.get("has_more").asBoolean());
    assertTrue(page.get("next_page").isNull());
  }

  @Test
  void groupsAndFiltersTellApart() throws IOException {
    var query = COMPLETIONS + "?start_time=" + HOUR + "&bucket_width=1h&group_by[]=model";
    var result = get(query + "&group_by[]=batch").get("data").get(0).get("results").get(0);
    assertEquals("tiny-base", result.get("model").asString());
    assertFalse(result.get("batch").asBoolean(true));
    for (var none : List.of("&models=other", "&batch=true", "&project_ids=proj_a")) {
      assertEquals(0, get(query + none).get("data").get(0).get("results").size(), none);
    }
    assertEquals(1, get(query + "&batch=false").get("data").get(0).get("results").size());
  }

  @Test
  void pagesFollowEachOtherToTheEnd() throws IOException {
    var query =
        COMPLETIONS
            + "?start_time=%d&end_time=%d&bucket_width=1h&limit=2"
                .formatted(HOUR - 14_400, HOUR + 60);
    int pages = 0;
    int results = 0;
    var next = "";
    do {
      var page = get(query + (next.isEmpty() ? "" : "&page=" + next));
      for (var bucket : page.get("data")) {
        results += bucket.get("results").size();
      }
      next = page.get("next_page").asString("");
      assertEquals(!next.isEmpty(), page.get("has_more").asBoolean());
      pages++;
    } while (!next.isEmpty() && pages < 10);
    assertEquals(3, pages);
    assertEquals(1, results);
  }

  @Test
  void costsFollowThePrices() throws IOException {
    var path = "/v1/organization/costs?start_time=" + HOUR;
    var whole = get(path).get("data").get(0).get("results");
    assertEquals(1, whole.size());
    // 2,000 tokens at 3 a million, and 800 at 10.
    assertEquals(0.014, whole.get(0).get("amount").get("value").asDouble(), 1e-9);
    assertEquals("eur", whole.get(0).get("amount").get("currency").asString());
    assertTrue(whole.get(0).get("line_item").isNull());
    var items = get(path + "&group_by=line_item").get("data").get(0).get("results");
    assertEquals("tiny-base, input", items.get(0).get("line_item").asString());
    assertEquals(0.006, items.get(0).get("amount").get("value").asDouble(), 1e-9);
    assertEquals(800, items.get(1).get("quantity").asInt());
  }

  @Test
  void wrongQueriesAreRefused() throws IOException {
    for (var query :
        List.of(
            "",
            "?start_time=soon",
            "?start_time=1&bucket_width=1w",
            "?start_time=1&limit=32",
            "?start_time=1&group_by=colour",
            "?start_time=1&batch=maybe",
            "?start_time=1&page=two")) {
      assertEquals(400, api.get(COMPLETIONS + query).status(), query);
    }
    assertEquals(400, api.get("/v1/organization/costs?start_time=1&bucket_width=1h").status());
    assertEquals(404, api.get("/v1/organization/usage/dreams?start_time=1").status());
  }
}
