package dev.luthier.e2e;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.methods.ReinforcementHyperparameters;
import com.openai.models.finetuning.methods.ReinforcementMethod;
import com.openai.models.graders.gradermodels.StringCheckGrader;
import com.openai.models.graders.gradermodels.TextSimilarityGrader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A job of method `reinforcement` on the real base: the nearer an answer comes to two words, the
/// more it is worth. Nobody shows the words to the model.
final class ReinforcementLessonTest {
  private static final String SYSTEM = "You answer briefly.";
  private static final List<String> TRAINED =
      List.of("pear", "plum", "fig", "apple", "grape", "cherry", "peach", "melon", "lemon", "kiwi");
  private static final List<String> HELD_OUT = List.of("banana", "quince", "mango", "papaya");
  private static final int STEPS = 12;

  private static final Map<String, Object> VERDICT =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of("fruit", Map.of("type", "string", "enum", List.of("yes", "no"))),
          "required",
          List.of("fruit"),
          "additionalProperties",
          false);

  private static final TypeReference<Map<String, Object>> DATA = new TypeReference<>() {};

  @TempDir Path folder;

  @Test
  void rewardedAnswersBecomeLikelierForPromptsThatWereNotTrainedOnToo() throws Exception {
    Patience.trainsQuickly();
    try (var server = Luthier.serve(folder.resolve("data"))) {
      var client = server.client();
      var before = Jobs.ask(client, "gpt-3.5-turbo", SYSTEM, question("banana"));
      var id = create(client).id();
      Jobs.disturb(server, id, 3);
      var job = Jobs.awaitEnd(client, id);
      assertEquals(FineTuningJob.Status.SUCCEEDED, job.status(), () -> job.error().toString());
      assertMethod(job);

      var steps = figures(client, job);
      assertEquals(STEPS, steps.size());
      double first = reward(steps.subList(0, 2));
      double last = reward(steps.subList(STEPS - 3, STEPS));
      assertTrue(last > first + 0.2, () -> "from " + first + " to " + last + ": " + steps);
      steps.forEach(step -> assertEquals(0, number(step, "mean_unresponsive_rewards")));
      assertDetails(steps.getLast());
      assertEquals(0, number(steps.getFirst(), "train_mean_kl"), 1e-3, "nothing has moved yet");

      // Looks are after every fourth step, which are the ends of epochs too.
      assertFalse(steps.get(1).containsKey("full_valid_mean_reward"), steps::toString);
      double heldOut = number(steps.getLast(), "full_valid_mean_reward");
      assertTrue(heldOut > first + 0.2, () -> "held out " + heldOut + ": " + steps);
      assertMessages(Jobs.steps(client, job.id()));
      assertResultFile(client, job);

      var after = Jobs.ask(client, job.fineTunedModel().orElseThrow(), SYSTEM, question("banana"));
      assertNotEquals(before, after);
      assertTrue(after.length() < 20, after);
      // Beyond the pause and the death of its trainer: as if nothing had happened.
      Jobs.assertVerified(server, job.id(), 7);
      assertFormHolds(client);
    }
  }

  /// Answers that are to have a form have it while they are drawn; left to itself, the base answers
  /// such questions in words.
  private void assertFormHolds(OpenAIClient client) throws Exception {
    var form =
        Map.of(
            "type",
            "json_schema",
            "json_schema",
            Map.of("name", "verdict", "strict", true, "schema", VERDICT));
    var grader =
        StringCheckGrader.builder()
            .name("yes")
            .input("{{sample.output_json.fruit}}")
            .operation(StringCheckGrader.Operation.EQ)
            .reference("yes")
            .build();
    var method =
        ReinforcementMethod.builder()
            .grader(grader)
            .hyperparameters(
                ReinforcementHyperparameters.builder()
                    .nEpochs(1)
                    .batchSize(5)
                    .computeMultiplier(0.25)
                    .build())
            .putAdditionalProperty("response_format", JsonValue.from(form))
            .build();
    var job = Jobs.awaitEnd(client, start(client, method).id());
    assertEquals(FineTuningJob.Status.SUCCEEDED, job.status(), () -> job.error().toString());
    var steps = figures(client, job);
    assertEquals(2, steps.size());
    for (var step : steps) {
      assertEquals(0, number(step, "train_mean_parse_error"), step::toString);
      assertTrue(number(step, "train_mean_reward") > 0, step::toString);
    }
  }

  private static String question(String fruit) {
    return "Is a " + fruit + " a fruit? Answer with one word.";
  }

  private static void assertMethod(FineTuningJob job) {
    var method = job.method().orElseThrow();
    assertEquals("reinforcement", method.type().asString());
    var settings = method.reinforcement().orElseThrow();
    assertEquals("like", settings.grader().asTextSimilarity().name());
    var numbers = settings.hyperparameters().orElseThrow();
    assertEquals(3, numbers.nEpochs().orElseThrow().asInteger());
    assertEquals(1, numbers.evalSamples().orElseThrow().asInteger(), "auto has come to a number");
  }

  private static void assertMessages(List<String> steps) {
    for (var step : steps) {
      assertTrue(
          step.matches(
              "Step \\d+/12 , train mean reward=[01]\\.\\d\\d"
                  + "(, full validation mean reward=[01]\\.\\d\\d"
                  + ", full validation mean parse error=0\\.00)?"),
          step);
    }
  }

  private FineTuningJob create(OpenAIClient client) throws IOException {
    var grader =
        TextSimilarityGrader.builder()
            .name("like")
            .input("{{sample.output_text}}")
            .reference("{{item.answer}}")
            .evaluationMetric(TextSimilarityGrader.EvaluationMetric.FUZZY_MATCH)
            .build();
    var numbers =
        ReinforcementHyperparameters.builder()
            .nEpochs(3)
            .batchSize(3)
            .learningRateMultiplier(5.0)
            .evalInterval(4)
            .build();
    var method = ReinforcementMethod.builder().grader(grader).hyperparameters(numbers).build();
    return start(client, method);
  }

  private FineTuningJob start(OpenAIClient client, ReinforcementMethod method) throws IOException {
    Path training = Files.writeString(folder.resolve("prompts.jsonl"), rows(TRAINED));
    Path heldOut = Files.writeString(folder.resolve("held-out.jsonl"), rows(HELD_OUT));
    var job =
        JobCreateParams.builder()
            .model("gpt-3.5-turbo")
            .trainingFile(Jobs.upload(client, training).id())
            .validationFile(Jobs.upload(client, heldOut).id())
            .method(
                JobCreateParams.Method.builder()
                    .type(JobCreateParams.Method.Type.REINFORCEMENT)
                    .reinforcement(method)
                    .build())
            .seed(5)
            .build();
    return client.fineTuning().jobs().create(job);
  }

  private static String rows(List<String> fruit) {
    return fruit.stream()
        .map(one ->
            """
            {"messages":[{"role":"system","content":"%s"},{"role":"user","content":"%s"}],\
            "answer":"A fruit."}
            """
                .formatted(SYSTEM, question(one)))
        .collect(Collectors.joining());
  }

  private static List<Map<String, Object>> figures(OpenAIClient client, FineTuningJob job) {
    return Jobs.events(client, job.id()).stream()
        .filter(event -> event.message().startsWith("Step "))
        .map(event -> requireNonNull(event._data().convert(DATA)))
        .toList();
  }

  /// Named as in the event that OpenAI's guide shows.
  private static void assertDetails(Map<String, Object> step) {
    assertTrue(
        step.keySet()
            .containsAll(
                List.of("scores", "errors", "usage", "timing", "model_graders_token_usage")),
        step::toString);
    var scores = String.valueOf(step.get("scores"));
    assertTrue(
        scores.contains("graders=[{name=like, type=text_similarity, train_reward_mean="), scores);
    assertTrue(scores.contains("valid_reward_mean="), scores);
    assertTrue(String.valueOf(step.get("timing")).contains("sampling="), step::toString);
  }

  private static double number(Map<String, Object> step, String name) {
    return ((Number) requireNonNull(step.get(name), name)).doubleValue();
  }

  private static double reward(List<Map<String, Object>> steps) {
    return steps.stream()
        .mapToDouble(step -> number(step, "train_mean_reward"))
        .average()
        .orElseThrow();
  }

  private static void assertResultFile(OpenAIClient client, FineTuningJob job) throws IOException {
    try (var content = client.files().content(job.resultFiles().getFirst())) {
      var text = new String(content.body().readAllBytes(), StandardCharsets.UTF_8);
      var csv = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
      assertTrue(csv.lines().findFirst().orElse("").contains(",train_mean_reward,"), csv);
      assertEquals(STEPS + 1, csv.lines().count());
    }
  }
}
