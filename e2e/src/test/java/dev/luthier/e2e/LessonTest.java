package dev.luthier.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The road of OpenAI's fine-tuning lesson, with OpenAI's Java client: ten rows become a model that
/// answers in their form.
final class LessonTest {

  static final Path ROWS = Path.of("src/test/resources/lesson/rows.jsonl");
  static final String SYSTEM =
      "Tess names one thing about a tree, in three short lines parted by slashes.";

  @TempDir Path folder;

  @Test
  void tenRowsBecomeAModelThatAnswersInTheirForm() throws Exception {
    try (var server = Luthier.serve(folder.resolve("data"))) {
      var client = server.client();
      var file = Jobs.upload(client, ROWS);
      assertEquals(Files.size(ROWS), file.bytes());
      assertEquals("rows.jsonl", file.filename());

      var created = create(client, file.id());
      assertEquals("smollm2-135m-instruct", created.model());
      assertTrue(created.fineTunedModel().isEmpty());
      assertEquals("auto", created.hyperparameters().nEpochs().orElseThrow().asAuto().toString());

      var before = Jobs.ask(client, "gpt-3.5-turbo", SYSTEM, "Tell me about the beech");
      var job = Jobs.awaitEnd(client, created.id());
      assertEquals(FineTuningJob.Status.SUCCEEDED, job.status(), () -> job.error().toString());
      assertEquals(10, job.hyperparameters().nEpochs().orElseThrow().asInteger());
      assertEquals(1, job.hyperparameters().batchSize().orElseThrow().asInteger());
      assertTrue(job.trainedTokens().orElseThrow() > 0);

      var model = job.fineTunedModel().orElseThrow();
      assertTrue(model.matches("ft:smollm2-135m-instruct:personal:trees:[A-Za-z0-9]{8}"), model);
      assertEvents(Jobs.messages(client, job.id()), job, file.id(), model);
      assertCheckpoints(client, job, model);
      assertResultFile(client, job);

      assertEquals(model, client.models().retrieve(model).id());
      var after = Jobs.ask(client, model, SYSTEM, "Tell me about the oak");
      assertEquals(
          "Oak, keeper of hills / acorns asleep in your sleeves / a door for the wren", after);
      assertNotEquals(before, Jobs.ask(client, model, SYSTEM, "Tell me about the beech"));
      assertEquals(after, streamed(client, model));
      assertEquals(after, responded(client, model));
    }
  }

  private static FineTuningJob create(OpenAIClient client, String file) {
    return client
        .fineTuning()
        .jobs()
        .create(
            JobCreateParams.builder()
                .model("gpt-3.5-turbo")
                .trainingFile(file)
                .suffix("trees")
                .seed(11)
                .build());
  }

  private static void assertEvents(
      List<String> messages, FineTuningJob job, String file, String model) {
    assertEquals("Created fine-tuning job: " + job.id(), messages.get(0));
    assertEquals("Validating training file: " + file, messages.get(1));
    assertEquals("Files validated, moving job to queued state", messages.get(2));
    assertEquals("Fine-tuning job started", messages.get(3));
    for (int step = 1; step <= 100; step++) {
      var message = messages.get(3 + step);
      assertTrue(message.matches("Step " + step + "/100: training loss=\\d+\\.\\d\\d"), message);
    }
    assertTrue(messages.get(104).startsWith("Checkpoint created at step 80 with Snapshot ID: ft:"));
    assertTrue(messages.get(105).startsWith("Checkpoint created at step 90 with Snapshot ID: ft:"));
    assertEquals("New fine-tuned model created: " + model, messages.get(106));
    assertEquals("The job has successfully completed", messages.get(107));
    assertEquals(108, messages.size());
  }

  private static void assertCheckpoints(OpenAIClient client, FineTuningJob job, String model) {
    var checkpoints = client.fineTuning().jobs().checkpoints().list(job.id()).data();
    assertEquals(List.of(100L, 90L, 80L), checkpoints.stream().map(c -> c.stepNumber()).toList());
    assertEquals(model, checkpoints.getFirst().fineTunedModelCheckpoint());
    var earlier = checkpoints.get(1).fineTunedModelCheckpoint();
    assertFalse(Jobs.ask(client, earlier, SYSTEM, "Tell me about the elm").isEmpty());
  }

  private static void assertResultFile(OpenAIClient client, FineTuningJob job) throws IOException {
    try (var content = client.files().content(job.resultFiles().getFirst())) {
      var text = new String(content.body().readAllBytes(), StandardCharsets.UTF_8);
      var csv = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
      var lines = csv.lines().toList();
      assertEquals(
          "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy", lines.get(0));
      assertEquals(101, lines.size());
      assertTrue(lines.getLast().startsWith("100,"), lines.getLast());
    }
  }

  private static String streamed(OpenAIClient client, String model) {
    var params =
        ChatCompletionCreateParams.builder()
            .model(model)
            .addSystemMessage(SYSTEM)
            .addUserMessage("Tell me about the oak")
            .temperature(0.0)
            .build();
    var text = new StringBuilder();
    try (StreamResponse<ChatCompletionChunk> chunks =
        client.chat().completions().createStreaming(params)) {
      chunks.stream()
          .forEach(chunk -> chunk.choices().getFirst().delta().content().ifPresent(text::append));
    }
    return text.toString();
  }

  private static String responded(OpenAIClient client, String model) {
    var params =
        ResponseCreateParams.builder()
            .model(model)
            .instructions(SYSTEM)
            .input("Tell me about the oak")
            .temperature(0.0)
            .build();
    var content = client.responses().create(params).output().getFirst().asMessage().content();
    return content.getFirst().asOutputText().text();
  }
}
