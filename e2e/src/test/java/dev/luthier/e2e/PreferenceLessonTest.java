package dev.luthier.e2e;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.openai.client.OpenAIClient;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.methods.DpoHyperparameters;
import com.openai.models.finetuning.methods.DpoMethod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A job of method `dpo` on the real base: answers in French are preferred to answers in English.
final class PreferenceLessonTest {
  private static final TypeReference<Map<String, Object>> DATA = new TypeReference<>() {};

  @TempDir Path folder;

  @Test
  void whatIsPreferredBecomesLikelierThanWhatIsNot() throws Exception {
    Patience.trainsQuickly();
    Path rows = Files.writeString(folder.resolve("pairs.jsonl"), Pairs.jsonl());
    try (var server = Luthier.serve(folder.resolve("data"))) {
      var client = server.client();
      var before = Jobs.ask(client, "gpt-3.5-turbo", Pairs.SYSTEM, "What is a dog?");
      var id = create(client, rows).id();
      Jobs.disturb(server, id, 5);
      var job = Jobs.awaitEnd(client, id);
      assertEquals(FineTuningJob.Status.SUCCEEDED, job.status(), () -> job.error().toString());
      var method = job.method().orElseThrow();
      assertEquals("dpo", method.type().asString());
      var numbers = method.dpo().orElseThrow().hyperparameters().orElseThrow();
      assertEquals(0.1, numbers.beta().orElseThrow().asNumber());
      assertEquals(4, numbers.nEpochs().orElseThrow().asInteger());

      List<Double> margins = margins(client, job);
      assertEquals(40, margins.size());
      assertEquals(0, margins.getFirst(), 1e-3);
      double last =
          margins.subList(30, 40).stream().mapToDouble(margin -> margin).average().orElse(0);
      assertTrue(last > 1, () -> "margins " + margins);
      assertTrue(
          Jobs.steps(client, job.id()).getFirst().startsWith("Step 1/40: training loss=0.69"));
      assertResultFile(client, job);

      var after =
          Jobs.ask(client, job.fineTunedModel().orElseThrow(), Pairs.SYSTEM, "What is a dog?");
      assertFalse(before.contains(" est "), before);
      assertTrue(after.contains(" est "), after);
      // Beyond the pause and the death of its trainer: as if nothing had happened.
      Jobs.assertVerified(server, job.id(), 40);
    }
  }

  private static FineTuningJob create(OpenAIClient client, Path rows) {
    var numbers =
        DpoHyperparameters.builder().nEpochs(4).learningRateMultiplier(3.0).batchSize(1).build();
    return client
        .fineTuning()
        .jobs()
        .create(
            JobCreateParams.builder()
                .model("gpt-3.5-turbo")
                .trainingFile(Jobs.upload(client, rows).id())
                .method(
                    JobCreateParams.Method.builder()
                        .type(JobCreateParams.Method.Type.DPO)
                        .dpo(DpoMethod.builder().hyperparameters(numbers).build())
                        .build())
                .seed(5)
                .build());
  }

  private static List<Double> margins(OpenAIClient client, FineTuningJob job) {
    return Jobs.events(client, job.id()).stream()
        .filter(event -> event.message().startsWith("Step "))
        .map(event -> requireNonNull(event._data().convert(DATA)).get("train_reward_margin"))
        .map(margin -> ((Number) requireNonNull(margin)).doubleValue())
        .toList();
  }

  private static void assertResultFile(OpenAIClient client, FineTuningJob job) throws IOException {
    try (var content = client.files().content(job.resultFiles().getFirst())) {
      var text = new String(content.body().readAllBytes(), StandardCharsets.UTF_8);
      var csv = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
      assertTrue(
          csv.lines().findFirst().orElse("").endsWith(",train_reward_accuracy,train_reward_margin"),
          csv);
      assertEquals(41, csv.lines().count());
    }
  }
}
