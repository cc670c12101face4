package dev.luthier.e2e;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.openai.client.OpenAIClient;
import com.openai.models.finetuning.jobs.FineTuningJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pause, and kill -9, in the middle of an epoch: the job goes on from its resume state and ends
/// as if nothing had happened.
final class CrashTest {

  private static final long SEED = 23;
  private static final long EPOCHS = 6;
  private static final Pattern RESUMED = Pattern.compile("going on after step (\\d+)");
  private static final Pattern PUBLISHED = Pattern.compile("published the adapter of step (\\d+)");

  private static final TypeReference<Map<String, Object>> DATA = new TypeReference<>() {};

  @TempDir Path folder;

  @Test
  void aPauseAKilledTrainerAndAKilledServerLeaveTheLossesAsTheyWouldHaveBeen() throws Exception {
    var undisturbed = undisturbedLosses();
    var data = folder.resolve("disturbed");
    String id;
    try (var server = Luthier.serve(data)) {
      var client = server.client();
      id = Jobs.create(client, LessonTest.ROWS, EPOCHS, SEED).id();
      awaitStep(client, id, 7);
      pauseAndResume(server, id);
      awaitStep(client, id, 23);
      server.trainers().forEach(ProcessHandle::destroyForcibly);
      awaitStep(client, id, 43);
      server.killAll();
    }
    try (var server = Luthier.serve(data)) {
      var client = server.client();
      var job = Jobs.awaitEnd(client, id);
      assertEquals(FineTuningJob.Status.SUCCEEDED, job.status(), () -> job.error().toString());
      assertEquals(undisturbed, losses(client, id));
      assertEquals(LongStream.rangeClosed(1, 60).boxed().toList(), stepNumbers(client, id));
      assertFalse(
          Jobs.ask(
                  client,
                  job.fineTunedModel().orElseThrow(),
                  LessonTest.SYSTEM,
                  "Tell me about the oak")
              .isEmpty());
    }
    assertNoStepBeforeAResumeStateWasComputedAgain(data, id);
  }

  private static void pauseAndResume(Luthier server, String id) throws InterruptedException {
    // `paused` is not in the list of values by which this client checks answers.
    var client = server.client().withOptions(options -> options.responseValidation(false));
    assertEquals("paused", client.fineTuning().jobs().pause(id).status().asString());
    Jobs.await(client, id, _ -> server.trainers().isEmpty());
    assertEquals("paused", client.fineTuning().jobs().retrieve(id).status().asString());
    assertEquals("queued", client.fineTuning().jobs().resume(id).status().asString());
  }

  private List<String> undisturbedLosses() throws Exception {
    try (var server = Luthier.serve(folder.resolve("undisturbed"))) {
      var client = server.client();
      var job = Jobs.awaitEnd(client, Jobs.create(client, LessonTest.ROWS, EPOCHS, SEED).id());
      assertEquals(FineTuningJob.Status.SUCCEEDED, job.status(), () -> job.error().toString());
      return losses(client, job.id());
    }
  }

  /// The full-precision losses as the events carry them, one a step.
  private static List<String> losses(OpenAIClient client, String id) {
    return metrics(client, id, "train_loss");
  }

  private static List<Long> stepNumbers(OpenAIClient client, String id) {
    return metrics(client, id, "step").stream().map(Long::valueOf).toList();
  }

  private static List<String> metrics(OpenAIClient client, String id, String name) {
    return Jobs.events(client, id).stream()
        .filter(event -> event.message().startsWith("Step "))
        .map(event -> String.valueOf(requireNonNull(event._data().convert(DATA)).get(name)))
        .toList();
  }

  private static void awaitStep(OpenAIClient client, String id, int step)
      throws InterruptedException {
    Jobs.await(
        client,
        id,
        job -> {
          assertFalse(
              job.status().equals(FineTuningJob.Status.FAILED), () -> job.error().toString());
          return Jobs.steps(client, id).size() >= step;
        });
  }

  /// The trainers' own logs: every attempt computed; after the first, each went on from a resume
  /// state, later than the one before, and published only later adapters.
  private static void assertNoStepBeforeAResumeStateWasComputedAgain(Path data, String id)
      throws IOException {
    int before = 0;
    var story = story(data, id);
    for (int attempt = 1; Files.exists(log(data, id, attempt)); attempt++) {
      var lines = Files.readAllLines(log(data, id, attempt));
      assertTrue(String.join("\n", lines).contains(" steps in "), story); // else it died by itself
      if (attempt > 1) {
        assertFalse(numbers(lines, RESUMED).isEmpty(), story);
        int from = numbers(lines, RESUMED).getFirst();
        assertTrue(from > before, story);
        assertTrue(numbers(lines, PUBLISHED).stream().allMatch(step -> step > from), story);
        before = from;
      }
    }
    assertTrue(before > 0, "no attempt went on from a resume state:\n" + story);
  }

  /// Everything that the attempts and the server wrote, to find the reason by.
  private static String story(Path data, String id) throws IOException {
    var story = new StringBuilder();
    for (int attempt = 1; Files.exists(log(data, id, attempt)); attempt++) {
      story.append(
          "-- attempt %d\n%s\n".formatted(attempt, Files.readString(log(data, id, attempt))));
    }
    return story
        .append("-- server\n")
        .append(Files.readString(data.resolve("logs/server.log")))
        .toString();
  }

  private static Path log(Path data, String id, int attempt) {
    return data.resolve("logs/luthier-" + id + "-a" + attempt + ".log");
  }

  private static List<Integer> numbers(List<String> log, Pattern pattern) {
    return log.stream()
        .map(pattern::matcher)
        .filter(Matcher::find)
        .map(matcher -> Integer.valueOf(matcher.group(1)))
        .toList();
  }
}
