package dev.luthier.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FileObject;
import com.openai.models.files.FilePurpose;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.FineTuningJobEvent;
import com.openai.models.finetuning.jobs.JobCreateParams;
import com.openai.models.finetuning.jobs.JobListEventsParams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// What every scenario does with OpenAI's client: upload, wait, read the events, ask.
final class Jobs {

  private static final Duration LIMIT = Patience.of(Duration.ofMinutes(10));
  private static final Set<String> FINAL = Set.of("succeeded", "failed", "cancelled");

  private Jobs() {}

  static FileObject upload(OpenAIClient client, Path file) {
    return client
        .files()
        .create(FileCreateParams.builder().file(file).purpose(FilePurpose.FINE_TUNE).build());
  }

  /// Creates a job for the lesson's model name, its settings in the place that most scripts use.
  @SuppressWarnings("deprecation") // `hyperparameters` beside `method` is what users' code sends
  static FineTuningJob create(OpenAIClient client, Path rows, long epochs, long seed) {
    return client
        .fineTuning()
        .jobs()
        .create(
            JobCreateParams.builder()
                .model("gpt-3.5-turbo")
                .trainingFile(upload(client, rows).id())
                .hyperparameters(JobCreateParams.Hyperparameters.builder().nEpochs(epochs).build())
                .seed(seed)
                .build());
  }

  static FineTuningJob awaitEnd(OpenAIClient client, String id) throws InterruptedException {
    return await(client, id, job -> FINAL.contains(job.status().asString()));
  }

  static FineTuningJob await(OpenAIClient client, String id, Predicate<FineTuningJob> reached)
      throws InterruptedException {
    var deadline = Instant.now().plus(LIMIT);
    while (Instant.now().isBefore(deadline)) {
      var job = client.fineTuning().jobs().retrieve(id);
      if (reached.test(job)) {
        return job;
      }
      Thread.sleep(500);
    }
    throw new AssertionError("job " + id + " was not there after " + LIMIT);
  }

  /// All events, oldest first.
  static List<FineTuningJobEvent> events(OpenAIClient client, String id) {
    var params = JobListEventsParams.builder().fineTuningJobId(id).limit(100L).build();
    var events = new ArrayList<FineTuningJobEvent>();
    client.fineTuning().jobs().listEvents(params).autoPager().forEach(events::add);
    return events.reversed();
  }

  static List<String> messages(OpenAIClient client, String id) {
    return events(client, id).stream().map(FineTuningJobEvent::message).toList();
  }

  /// The messages of the steps, in order: one a step, with its loss.
  static List<String> steps(OpenAIClient client, String id) {
    return messages(client, id).stream().filter(message -> message.startsWith("Step ")).toList();
  }

  /// The likeliest answer of `model`.
  static String ask(OpenAIClient client, String model, String system, String question) {
    var params =
        ChatCompletionCreateParams.builder()
            .model(model)
            .addSystemMessage(system)
            .addUserMessage(question)
            .temperature(0.0)
            .maxCompletionTokens(64)
            .build();
    var choice = client.chat().completions().create(params).choices().getFirst();
    return choice.message().content().orElseThrow();
  }

  /// What the command said that trains a job's first steps again, and how it ended.
  record Verified(int exit, String said) {}

  static Verified verify(Luthier server, String id, int steps, String... more)
      throws IOException, InterruptedException {
    var said = Files.createTempFile(server.data(), "verify", ".out");
    var arguments = new ArrayList<>(List.of("verify", id, "--steps", "" + steps));
    arguments.addAll(List.of("--data", server.data().toString()));
    arguments.addAll(List.of(more));
    var process = Luthier.program(server.data(), arguments).redirectOutput(said.toFile()).start();
    try {
      assertTrue(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS), "it still runs");
      return new Verified(process.exitValue(), Files.readString(said).strip());
    } finally {
      process.destroyForcibly();
    }
  }

  /// That the job's first steps have the same losses when they are trained again.
  static void assertVerified(Luthier server, String id, int steps)
      throws IOException, InterruptedException {
    var equal = "Equal: the losses of the first %d steps, to the bit.".formatted(steps);
    assertEquals(new Verified(0, equal), verify(server, id, steps));
  }

  /// Pauses a job after `step` or soon after, resumes it, and kills its trainer with signal 9 two
  /// steps later: it goes on from the state that the pause left, or from a later one.
  static void disturb(Luthier server, String id, int step) throws InterruptedException {
    // `paused` is not in the list of values by which this client checks answers.
    var client = server.client().withOptions(options -> options.responseValidation(false));
    awaitSteps(client, id, step);
    client.fineTuning().jobs().pause(id);
    await(client, id, _ -> server.trainers().isEmpty());
    int paused = steps(client, id).size();
    client.fineTuning().jobs().resume(id);
    awaitSteps(client, id, paused + 2);
    var trainers = server.trainers();
    assertEquals(1, trainers.size(), "the job was over before its trainer could be killed");
    trainers.getFirst().destroyForcibly();
    await(
        client,
        id,
        _ ->
            messages(client, id).stream()
                .anyMatch(text -> text.contains("is queued again and goes on from step ")));
  }

  private static void awaitSteps(OpenAIClient client, String id, int least)
      throws InterruptedException {
    await(
        client,
        id,
        job -> {
          assertNotEquals("failed", job.status().asString(), () -> job.error().toString());
          return steps(client, id).size() >= least;
        });
  }
}
