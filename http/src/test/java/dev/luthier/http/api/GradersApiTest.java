package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

class GradersApiTest {
  private static final String PATH = "/v1/fine_tuning/alpha/graders/";
  private static final String CHECK =
      "{\"type\":\"string_check\",\"name\":\"c\",\"input\":\"{{sample.output_text}}\","
          + "\"reference\":\"{{item.x}}\",\"operation\":\"eq\"}";
  private static final String JUDGE =
      "{\"type\":\"score_model\",\"name\":\"j\",\"model\":\"gpt-4o-mini\",\"range\":[0,10],"
          + "\"input\":[{\"role\":\"user\",\"content\":\"Score {{sample.output_text}}\"}]}";

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

  private JsonNode run(String grader, String sample) throws IOException {
    return ApiFixture.json(
        api.post(
            PATH + "run",
            "{\"grader\":%s,\"model_sample\":\"%s\",\"item\":{\"x\":\"yes\"}}"
                .formatted(grader, sample)));
  }

  private void judgeSays(String text) {
    api.inference.says((call, sink) -> {
      sink.started(7);
      sink.delta(0, text, List.of());
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(7, 3, 2));
    });
  }

  @Test
  void aSampleIsJudged() throws Exception {
    var right = run(CHECK, "yes");
    assertEquals(1, right.get("reward").asDouble());
    assertEquals("string_check", right.at("/metadata/type").asString());
    assertEquals("c", right.at("/metadata/name").asString());
    assertEquals("{\"c\":1.0}", right.at("/metadata/scores").toString());
    assertTrue(right.at("/metadata/execution_time").asDouble() > 0);
    assertTrue(right.at("/metadata/token_usage").isNull());
    assertTrue(right.get("sub_rewards").isEmpty());
    assertEquals(14, right.at("/metadata/errors").size());
    assertEquals(0, run(CHECK, "no").get("reward").asDouble());
  }

  @Test
  void aModelIsAskedInTheFormOfAJudgement() throws Exception {
    judgeSays("{\"steps\":[\"so\"],\"result\":12}");
    var judged = run(JUDGE, "yes");
    assertEquals(10, judged.get("reward").asDouble());
    assertEquals(10, judged.at("/metadata/token_usage").asInt());
    assertEquals("tiny-base", judged.at("/metadata/sampled_model_name").asString());
    assertEquals(
        "{\"tiny-base\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10,\"cached_tokens\":2}}",
        judged.get("model_grader_token_usage_per_model").toString());
    assertTrue(api.inference.lastCall().request().form().orElseThrow().impediment().isEmpty());
  }

  @Test
  void whatWentWrongIsTold() throws Exception {
    judgeSays("I like it");
    var judged = run(JUDGE, "yes");
    assertEquals(0, judged.get("reward").asDouble());
    assertTrue(judged.at("/metadata/errors/model_grader_parse_error").asBoolean());
    assertEquals(
        "the judge's answer is not JSON: 'I like it'",
        judged.at("/metadata/errors/model_grader_server_error_details").asString());
  }

  @Test
  void aFormulaTellsItsParts() throws Exception {
    judgeSays("{\"steps\":[],\"result\":4}");
    var multi =
        "{\"type\":\"multi\",\"name\":\"m\",\"graders\":{\"c\":"
            + CHECK
            + ",\"j\":"
            + JUDGE
            + "},\"calculate_output\":\"c + j / 2\"}";
    var judged = run(multi, "yes");
    assertEquals(3, judged.get("reward").asDouble());
    assertEquals("{\"c\":1.0,\"j\":4.0}", judged.get("sub_rewards").toString());
  }

  @Test
  void aGraderIsAnsweredAsItCame() throws Exception {
    var answer = ApiFixture.json(api.post(PATH + "validate", "{\"grader\":" + CHECK + "}"));
    assertEquals("{\"grader\":" + CHECK + "}", answer.toString());
  }

  @Test
  void whatCannotBeUsedIsRefusedWithTheReason() throws Exception {
    var python = "{\"grader\":{\"type\":\"python\",\"name\":\"p\",\"source\":\"x\"}}";
    var refused = api.post(PATH + "validate", python);
    assertEquals(400, refused.status());
    assertTrue(refused.text().contains("no sandbox"), refused::text);
    var unknown = "{\"grader\":" + JUDGE.replace("gpt-4o-mini", "nobody") + "}";
    assertEquals(404, api.post(PATH + "validate", unknown).status());
  }
}
