package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.GenerationCall;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.chat.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Evals and their runs, asked and judged by the real services.
@Timeout(60)
class EvalsTest {
  private static final String EXACT =
      "{\"type\":\"string_check\",\"name\":\"exact\",\"input\":\"{{sample.output_text}}\","
          + "\"reference\":\"{{item.want}}\",\"operation\":\"eq\"}";
  private static final String NEAR =
      "{\"type\":\"text_similarity\",\"name\":\"near\",\"input\":\"{{sample.output_text}}\","
          + "\"reference\":\"{{item.want}}\",\"evaluation_metric\":\"fuzzy_match\",\"pass_threshold\":0.5}";
  private static final String ROWS =
      "{\"type\":\"file_content\",\"content\":[{\"item\":{\"ask\":\"a\",\"want\":\"a\"}},"
          + "{\"item\":{\"ask\":\"b\",\"want\":\"bx\"}},{\"item\":{\"ask\":\"c\",\"want\":\"q\"}},{\"item\":{}}]}";
  private static final String ASKED =
      "{\"data_source\":{\"type\":\"completions\",\"model\":\"gpt-4o-mini\",\"source\":%s,"
          + "\"input_messages\":{\"type\":\"template\",\"template\":[{\"role\":\"user\",\"content\":\"{{item.ask}}\"}]},"
          + "\"sampling_params\":{\"temperature\":0,\"max_completion_tokens\":5}}}";

  @TempDir Path folder;
  private ApiFixture api;
  private final AtomicInteger asked = new AtomicInteger();

  @BeforeEach
  void start() {
    api = new ApiFixture(folder);
    api.inference.says((call, sink) -> {
      asked.incrementAndGet();
      sink.started(3);
      sink.delta(0, said(call), List.of());
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(3, 1, 2));
    });
  }

  @AfterEach
  void stop() {
    api.close();
  }

  /// The model repeats what it is asked.
  private static String said(GenerationCall call) {
    return switch (call.request().prompt()) {
      case Prompt.Messages messages -> messages.messages().get(0).get("content").asString();
      case Prompt.Text(String text) -> text;
      case Prompt.Tokens tokens -> tokens.toString();
    };
  }

  private JsonNode eval(String criteria) throws IOException {
    var answer =
        api.post(
            "/v1/evals",
            "{\"name\":\"mine\",\"metadata\":{\"a\":\"b\"},\"data_source_config\":{\"type\":\"custom\","
                + "\"item_schema\":{\"type\":\"object\"},\"include_sample_schema\":true},"
                + "\"testing_criteria\":["
                + criteria
                + "]}");
    assertEquals(201, answer.status(), answer::text);
    return ApiFixture.json(answer);
  }

  private static String path(JsonNode eval) {
    return "/v1/evals/" + eval.get("id").asString();
  }

  private JsonNode begun(JsonNode eval, String source) throws IOException {
    var answer = api.post(path(eval) + "/runs", source);
    assertEquals(201, answer.status(), answer::text);
    return ApiFixture.json(answer);
  }

  private static String path(JsonNode eval, JsonNode run) {
    return path(eval) + "/runs/" + run.get("id").asString();
  }

  private JsonNode ended(JsonNode eval, JsonNode run) throws Exception {
    api.endEvals();
    return ApiFixture.json(api.get(path(eval, run)));
  }

  @Test
  void everyRowIsAskedAndJudgedByEveryCriterion() throws Exception {
    var eval = eval(EXACT + "," + NEAR);
    var begun = begun(eval, ASKED.formatted(ROWS));
    assertEquals("queued", begun.get("status").asString());
    assertEquals("tiny-base", begun.get("model").asString());
    var run = ended(eval, begun);
    assertEquals("completed", run.get("status").asString());
    assertEquals(
        "{\"total\":4,\"errored\":1,\"failed\":2,\"passed\":1}",
        run.get("result_counts").toString());
    assertEquals(
        "[{\"testing_criteria\":\"exact\",\"passed\":1,\"failed\":2},"
            + "{\"testing_criteria\":\"near\",\"passed\":2,\"failed\":1}]",
        run.get("per_testing_criteria_results").toString());
    assertEquals(
        "[{\"model_name\":\"tiny-base\",\"invocation_count\":3,\"prompt_tokens\":9,"
            + "\"completion_tokens\":3,\"total_tokens\":12,\"cached_tokens\":6}]",
        run.get("per_model_usage").toString());
    assertEquals(3, asked.get(), "the row without a question is not asked");
  }

  @Test
  void rowsAreListedWithWhatWasSaidAndHowItWasJudged() throws Exception {
    var eval = eval(EXACT);
    var run = ended(eval, begun(eval, ASKED.formatted(ROWS)));
    var items = ApiFixture.json(api.get(path(eval, run) + "/output_items"));
    assertEquals(4, items.get("data").size());
    var first = items.get("data").get(0);
    assertEquals("pass", first.get("status").asString());
    assertEquals("{\"ask\":\"a\",\"want\":\"a\"}", first.get("datasource_item").toString());
    assertEquals(
        "[{\"name\":\"exact\",\"type\":\"string_check\",\"score\":1.0,\"passed\":true,\"sample\":null}]",
        first.get("results").toString());
    assertEquals("a", first.at("/sample/output/0/content").asString());
    assertEquals("a", first.at("/sample/input/0/content").asString());
    assertEquals(5, first.at("/sample/max_completion_tokens").asInt());
    assertEquals(42, first.at("/sample/seed").asInt());
    var last = items.get("data").get(3);
    assertEquals("error", last.get("status").asString());
    assertTrue(last.at("/sample/error/message").asString().contains("item.ask"));
    var failed = ApiFixture.json(api.get(path(eval, run) + "/output_items?status=fail&order=desc"));
    assertEquals(2, failed.get("data").size());
    assertEquals(2, failed.at("/data/0/datasource_item_id").asInt());
    var one = api.get(path(eval, run) + "/output_items/" + first.get("id").asString());
    assertEquals(first, ApiFixture.json(one));
  }

  @Test
  void whatRowsBringIsJudgedWithoutAModel() throws Exception {
    var eval = eval(EXACT);
    var source =
        "{\"data_source\":{\"type\":\"jsonl\",\"source\":{\"type\":\"file_content\",\"content\":["
            + "{\"item\":{\"want\":\"x\"},\"sample\":{\"output_text\":\"x\"}},"
            + "{\"item\":{\"want\":\"x\"},\"sample\":{\"output_text\":\"y\"}},"
            + "{\"item\":{\"want\":\"x\"}}]}}}";
    var run = ended(eval, begun(eval, source));
    assertEquals(
        "{\"total\":3,\"errored\":1,\"failed\":1,\"passed\":1}",
        run.get("result_counts").toString());
    assertEquals(0, asked.get());
  }

  @Test
  void rowsOfAFileAreAskedAndABrokenLineIsTold() throws Exception {
    var eval = eval(EXACT);
    var good = api.uploaded("rows.jsonl", "{\"item\":{\"ask\":\"a\",\"want\":\"a\"}}");
    var byFile = "{\"type\":\"file_id\",\"id\":\"%s\"}";
    var run = ended(eval, begun(eval, ASKED.formatted(byFile.formatted(good))));
    assertEquals(1, run.at("/result_counts/passed").asInt());
    var broken = api.uploaded("rows.jsonl", "{\"ask\":\"a\"}");
    var failed = ended(eval, begun(eval, ASKED.formatted(byFile.formatted(broken))));
    assertEquals("failed", failed.get("status").asString());
    assertTrue(
        failed.at("/error/message").asString().startsWith("Line 1 of " + broken), failed::toString);
    var none = api.post(path(eval) + "/runs", ASKED.formatted(byFile.formatted("file-none")));
    assertEquals(400, none.status());
  }

  @Test
  void storedCompletionsAreRows() throws Exception {
    var chat =
        "{\"model\":\"tiny-base\",\"store\":true,\"metadata\":{\"k\":\"%s\"},"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
    api.post("/v1/chat/completions", chat.formatted("v"));
    api.post("/v1/chat/completions", chat.formatted("other"));
    var eval = eval(EXACT.replace("{{item.want}}", "{{item.input[0].content}}"));
    var source =
        "{\"data_source\":{\"type\":\"completions\",\"source\":{\"type\":\"stored_completions\","
            + "\"metadata\":{\"k\":\"v\"}}}}";
    var run = ended(eval, begun(eval, source));
    assertEquals(
        "{\"total\":1,\"errored\":0,\"failed\":0,\"passed\":1}",
        run.get("result_counts").toString());
    assertEquals(2, asked.get(), "what was stored is judged as it is");
    var anew =
        "{\"data_source\":{\"type\":\"completions\",\"model\":\"tiny-base\","
            + "\"input_messages\":{\"type\":\"item_reference\",\"item_reference\":\"item.input\"},"
            + "\"source\":{\"type\":\"stored_completions\"}}}";
    assertEquals(2, ended(eval, begun(eval, anew)).at("/result_counts/passed").asInt());
    assertEquals(4, asked.get());
  }

  @Test
  void keptResponsesAreRows() throws Exception {
    var ask =
        "{\"model\":\"tiny-base\",\"input\":\"%s\",\"metadata\":{\"k\":\"%s\"},\"temperature\":0.5,\"user\":\"u\"%s}";
    api.post("/v1/responses", ask.formatted("hello", "v", ""));
    api.post("/v1/responses", ask.formatted("hi", "v", ",\"store\":false"));
    api.post("/v1/responses", ask.formatted("again", "other", ",\"instructions\":\"hello\""));
    var eval = eval(EXACT.replace("{{item.want}}", "{{item.input[0].content}}"));
    var source =
        "{\"data_source\":{\"type\":\"responses\",%s\"source\":{\"type\":\"responses\"%s}}}";
    var all = ended(eval, begun(eval, source.formatted("", "")));
    assertEquals(
        "{\"total\":2,\"errored\":0,\"failed\":0,\"passed\":2}",
        all.get("result_counts").toString());
    assertEquals(3, asked.get(), "what was kept is judged as it is");
    for (var one :
        List.of(
            ",\"metadata\":{\"k\":\"v\"}",
            ",\"instructions_search\":\"ell\",\"users\":[\"u\"],\"temperature\":0.5")) {
      var run = ended(eval, begun(eval, source.formatted("", one)));
      assertEquals(1, run.at("/result_counts/passed").asInt(), one);
    }
    for (var none : List.of("\"model\":\"other\"", "\"tools\":[\"f\"]", "\"created_before\":1")) {
      var run = ended(eval, begun(eval, source.formatted("", "," + none)));
      assertEquals("failed", run.get("status").asString(), none);
    }
    var anew =
        "\"model\":\"tiny-base\",\"input_messages\":{\"type\":\"item_reference\",\"item_reference\":\"item.input\"},";
    assertEquals(
        2,
        ended(eval, begun(eval, source.formatted(anew, ""))).at("/result_counts/passed").asInt());
    assertEquals(5, asked.get());
  }

  @Test
  void aRestartGoesOnAtTheRowsThatAreNotJudged() throws Exception {
    var gate = new Semaphore(1);
    var waiting = new Semaphore(0);
    api.inference.says((call, sink) -> {
      asked.incrementAndGet();
      waiting.release();
      try {
        if (!gate.tryAcquire(20, TimeUnit.SECONDS)) {
          throw new IllegalStateException("nobody opened the gate");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      sink.started(3);
      sink.delta(0, said(call), List.of());
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(3, 1, 2));
    });
    var eval = eval(EXACT);
    var begun = begun(eval, ASKED.formatted(ROWS));
    api.evalRunner().tick();
    assertTrue(waiting.tryAcquire(2, 20, TimeUnit.SECONDS), "two rows are on their way at once");
    api.awaitItems(begun.get("id").asString(), 1);
    api.restartEvals();
    gate.release(100);
    var run = ended(eval, begun);
    assertEquals("completed", run.get("status").asString());
    assertEquals(4, run.at("/result_counts/total").asInt());
    assertEquals(4, ApiFixture.json(api.get(path(eval, run) + "/output_items")).get("data").size());
    assertEquals(1, run.at("/result_counts/errored").asInt(), run::toString);
  }

  @Test
  void aRowThatBreaksTheItemSchemaIsErroredWithTheFaultAndNotAsked() throws Exception {
    var schema =
        "{\"type\":\"object\",\"properties\":{\"ask\":{\"type\":\"string\"}},\"required\":[\"ask\"]}";
    var eval =
        ApiFixture.json(
            api.post(
                "/v1/evals",
                "{\"data_source_config\":{\"type\":\"custom\",\"item_schema\":"
                    + schema
                    + ",\"include_sample_schema\":true},\"testing_criteria\":["
                    + EXACT
                    + "]}"));
    var rows =
        "{\"type\":\"file_content\",\"content\":[{\"item\":{\"ask\":\"a\",\"want\":\"a\"}},{\"item\":{\"ask\":1}},{\"item\":{}}]}";
    var run = ended(eval, begun(eval, ASKED.formatted(rows)));
    assertEquals(2, run.at("/result_counts/errored").asInt(), run::toString);
    assertEquals(1, asked.get());
    var items =
        ApiFixture.json(api.get(path(eval, run) + "/output_items?status=error")).get("data");
    assertEquals(
        List.of(
            "The item breaks the eval's item_schema: 'ask' must be of type string, but is 1.",
            "The item breaks the eval's item_schema: 'ask' is required and missing."),
        items.valueStream().map(item -> item.at("/sample/error/message").asString()).toList());
  }

  @Test
  void aSourceIsShownWithoutWhatItDoesNotSayAndItsRowsAsTheyAre() throws Exception {
    var source =
        "{\"type\":\"jsonl\",\"source\":{\"type\":\"file_content\",\"content\":"
            + "[{\"item\":{\"a\":null},\"sample\":null}]},\"input_messages\":null}";
    var run = begun(eval(EXACT), "{\"data_source\":" + source + "}");
    assertEquals(
        "{\"type\":\"jsonl\",\"source\":{\"type\":\"file_content\",\"content\":[{\"item\":{\"a\":null}}]}}",
        run.get("data_source").toString());
  }

  @Test
  void aCanceledRunAsksNoMore() throws Exception {
    var eval = eval(EXACT);
    var begun = begun(eval, ASKED.formatted(ROWS));
    var canceled = ApiFixture.json(api.post(path(eval, begun) + "/cancel", ""));
    assertEquals("canceled", canceled.get("status").asString());
    assertEquals("canceled", ended(eval, begun).get("status").asString());
    assertEquals(0, asked.get());
    var again = api.post(path(eval, begun), "");
    assertEquals(400, again.status());
    assertTrue(again.text().contains("it has ended"), again::text);
  }

  @Test
  void aModelJudgesAndItsTokensCount() throws Exception {
    var label =
        "{\"type\":\"label_model\",\"name\":\"tone\",\"model\":\"tiny-base\",\"labels\":[\"kind\",\"rude\"],"
            + "\"passing_labels\":[\"kind\"],\"input\":[{\"role\":\"user\",\"content\":\"{{item.verdict}}\"}]}";
    var eval = eval(label);
    var verdict = "{\\\"steps\\\":[],\\\"result\\\":\\\"kind\\\"}";
    var rows =
        "{\"type\":\"file_content\",\"content\":[{\"item\":{\"ask\":\"a\",\"verdict\":\"%s\"}},"
                .formatted(verdict)
            + "{\"item\":{\"ask\":\"b\",\"verdict\":\"no\"}}]}";
    var run = ended(eval, begun(eval, ASKED.formatted(rows)));
    assertEquals(
        "{\"total\":2,\"errored\":1,\"failed\":0,\"passed\":1}",
        run.get("result_counts").toString());
    assertEquals(4, run.at("/per_model_usage/0/invocation_count").asInt());
    var items = ApiFixture.json(api.get(path(eval, run) + "/output_items"));
    assertTrue(items.at("/data/0/results/0/sample/output/0/content").asString().contains("kind"));
  }

  @Test
  void anEvalIsRenamedListedAndDeletedWithItsRuns() throws Exception {
    var eval = eval(EXACT);
    assertEquals(
        List.of(
            "object",
            "id",
            "name",
            "data_source_config",
            "testing_criteria",
            "created_at",
            "metadata"),
        ApiFixture.keys(eval));
    var run = begun(eval, ASKED.formatted(ROWS));
    var renamed = ApiFixture.json(api.post(path(eval), "{\"name\":\"other\"}"));
    assertEquals("other", renamed.get("name").asString());
    assertEquals("{\"a\":\"b\"}", renamed.get("metadata").toString());
    var other = eval(NEAR);
    var list = ApiFixture.json(api.get("/v1/evals?limit=1"));
    assertEquals(eval.get("id"), list.at("/data/0/id"));
    assertTrue(list.get("has_more").asBoolean());
    var rest = ApiFixture.json(api.get("/v1/evals?limit=1&after=" + eval.get("id").asString()));
    assertEquals(other.get("id"), rest.at("/data/0/id"));
    assertFalse(rest.get("has_more").asBoolean());
    var deleted = ApiFixture.json(api.delete(path(eval)));
    assertEquals(
        "{\"object\":\"eval.deleted\",\"deleted\":true,\"eval_id\":%s}".formatted(eval.get("id")),
        deleted.toString());
    assertEquals(404, api.get(path(eval, run)).status());
    api.endEvals();
    assertEquals(0, asked.get());
  }

  @Test
  void whatCannotBeRunIsRefusedByTheNameOfItsField() throws Exception {
    var eval = eval(EXACT);
    var broken =
        List.of(
            "{\"type\":\"mail\"}|data_source.type",
            "{\"type\":\"jsonl\"}|data_source.source",
            "{\"type\":\"jsonl\",\"source\":{\"type\":\"file_content\",\"content\":[{}]}}|data_source.source.content[0].item",
            "{\"type\":\"jsonl\",\"source\":{\"type\":\"responses\"}}|data_source.source.type",
            "{\"type\":\"completions\",\"model\":\"tiny-base\",\"input_messages\":{\"type\":\"item_reference\","
                + "\"item_reference\":\"row.x\"},\"source\":%s}|data_source.input_messages.item_reference"
                    .formatted(ROWS));
    for (var each : broken) {
      var parts = each.split("\\|", 2);
      var answer = api.post(path(eval) + "/runs", "{\"data_source\":" + parts[0] + "}");
      assertEquals(400, answer.status(), answer::text);
      assertEquals(parts[1], ApiFixture.json(answer).at("/error/param").asString(), answer::text);
    }
    var noThreshold = NEAR.replace(",\"pass_threshold\":0.5", "");
    var refused =
        api.post(
            "/v1/evals",
            "{\"data_source_config\":{\"type\":\"logs\"},\"testing_criteria\":["
                + noThreshold
                + "]}");
    assertEquals(
        "testing_criteria[0].pass_threshold",
        ApiFixture.json(refused).at("/error/param").asString());
  }
}
