package dev.luthier.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.methods.SupervisedHyperparameters;
import com.openai.models.finetuning.methods.SupervisedMethod;
import com.openai.models.models.ModelDeleteParams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A job that trains all weights of the real base, asked for by a field that OpenAI's client lets
/// through.
final class FullWeightsTest {
  private static final String SYSTEM = "You answer in limericks.";
  private static final String QUESTION = "What is strontium?";

  @TempDir Path folder;

  @Test
  void theModelThatAnswersHasWeightsOfItsOwn() throws Exception {
    Patience.trainsQuickly();
    Path data = folder.resolve("data");
    try (var server = Luthier.serve(data)) {
      var client = server.client();
      var before = Jobs.ask(client, "gpt-3.5-turbo", SYSTEM, QUESTION);
      var id = create(client).id();
      Jobs.disturb(server, id, 3);
      var job = Jobs.awaitEnd(client, id);
      assertEquals(FineTuningJob.Status.SUCCEEDED, job.status(), () -> job.error().toString());
      var model = job.fineTunedModel().orElseThrow();
      assertNotEquals(before, Jobs.ask(client, model, SYSTEM, QUESTION));
      assertEquals(before, Jobs.ask(client, "gpt-3.5-turbo", SYSTEM, QUESTION), "the base stays");

      assertTrue(
          Jobs.messages(client, job.id()).stream()
              .anyMatch(text -> text.startsWith("Keeping the checkpoint of step ")));
      // Beyond the pause and the death of its trainer: as if nothing had happened.
      Jobs.assertVerified(server, job.id(), 20);
      List<Path> products = products(data);
      assertEquals(1, products.size(), "whole models are large: only the best is kept");
      assertTrue(Files.exists(products.getFirst().resolve("model.safetensors")));
      assertTrue(Files.exists(products.getFirst().resolve("tokenizer.json")));
      client.models().delete(ModelDeleteParams.builder().model(model).build());
      assertEquals(List.of(), products(data));
    }
  }

  private static List<Path> products(Path data) throws IOException {
    try (var folders = Files.list(data.resolve("adapters"))) {
      return folders.toList();
    }
  }

  private static FineTuningJob create(OpenAIClient client) {
    var rows = Jobs.upload(client, LessonTest.ROWS).id();
    var numbers =
        SupervisedHyperparameters.builder()
            .nEpochs(2)
            .learningRateMultiplier(3.0)
            .putAdditionalProperty("weights", JsonValue.from("full"))
            .putAdditionalProperty("keep", JsonValue.from("best"))
            .build();
    return client
        .fineTuning()
        .jobs()
        .create(
            JobCreateParams.builder()
                .model("gpt-3.5-turbo")
                .trainingFile(rows)
                .validationFile(rows)
                .method(
                    JobCreateParams.Method.builder()
                        .type(JobCreateParams.Method.Type.SUPERVISED)
                        .supervised(SupervisedMethod.builder().hyperparameters(numbers).build())
                        .build())
                .seed(5)
                .build());
  }
}
