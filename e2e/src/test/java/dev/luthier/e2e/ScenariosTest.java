package dev.luthier.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.openai.client.OpenAIClient;
import com.openai.models.files.FileObject;
import com.openai.models.finetuning.jobs.FineTuningJob;
import com.openai.models.finetuning.jobs.JobCreateParams;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One scenario a client of OpenAI's, each against the same real server and on the same trained
/// model: files, uploads, jobs, chats with tools, streams, JSON by a schema, responses, batches,
/// evals, models. Java comes last, since it deletes the model.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ScenariosTest {
  private static final Path ROOT = Path.of(System.getProperty("luthier.root", ".."));
  private static final Path SCRIPTS = Path.of("src/test");
  private static final int MINUTES_MAX = 5;

  /// By the job's seed its steps have the rows 9 0 2 5, 6 7 3 4 and 8 1, counted from 0.
  private static final int IN_SECOND_STEP = 6;

  @TempDir static Path folder;
  private static Luthier server;
  private static FineTuningJob job;

  @BeforeAll
  static void train() throws Exception {
    server = Luthier.serve(folder.resolve("data"));
    var client = server.client();
    job = Jobs.awaitEnd(client, created(client, Jobs.upload(client, LessonTest.ROWS)).id());
    assertEquals(FineTuningJob.Status.SUCCEEDED, job.status(), () -> job.error().toString());
    assertEquals(3, Jobs.steps(client, job.id()).size());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @Order(1)
  @ValueSource(strings = {"openai-1.30", "openai-1.109", "openai-newest"})
  void python(String environment) throws Exception {
    var python = ROOT.resolve("target/python/" + environment + "/bin/python");
    assumeTrue(Files.exists(python), "skipped: .ci/python has not installed " + environment);
    run(List.of(python.toString(), SCRIPTS.resolve("python/scenario.py").toString()), folder);
  }

  @Test
  @Order(1)
  void node() throws Exception {
    var client = ROOT.resolve("target/node").toAbsolutePath().normalize();
    assumeTrue(
        Files.isDirectory(client.resolve("node_modules/openai")),
        "skipped: .ci/node has not installed the client");
    // Node looks for modules beside the script.
    var script =
        Files.copy(
            SCRIPTS.resolve("node/scenario.mjs"),
            client.resolve("scenario.mjs"),
            StandardCopyOption.REPLACE_EXISTING);
    run(List.of("node", script.toString()), folder);
  }

  /// Fewer than by hand, where it was a thousand.
  @Test
  @Order(1)
  void answersHoldToRandomSchemas() throws Exception {
    var python = ROOT.resolve("target/python/schemathesis/bin/python");
    assumeTrue(Files.exists(python), "skipped: .ci/python has not installed schemathesis");
    var script = SCRIPTS.resolve("python/schemas.py").toString();
    told(List.of(python.toString(), script, "60", "20261123"), folder);
  }

  private static void run(List<String> command, Path output) throws Exception {
    var whole = new ArrayList<>(command);
    whole.add(LessonTest.ROWS.toAbsolutePath().toString());
    whole.add(job.id());
    told(whole, output);
  }

  private static void told(List<String> whole, Path output) throws Exception {
    var said = Files.createTempFile(output, "scenario", ".out");
    var builder = new ProcessBuilder(whole).redirectErrorStream(true);
    builder.environment().put("OPENAI_BASE_URL", server.url());
    builder.environment().put("OPENAI_API_KEY", Luthier.KEY);
    ended(builder, said);
  }

  private static void ended(ProcessBuilder builder, Path said) throws Exception {
    var process = builder.redirectOutput(said.toFile()).start();
    try {
      boolean ended = process.waitFor(MINUTES_MAX, TimeUnit.MINUTES);
      assertTrue(ended, () -> "after " + MINUTES_MAX + " minutes it still runs");
      assertEquals(0, process.exitValue(), Files.readString(said));
    } finally {
      process.destroyForcibly();
    }
  }

  /// The Java client, which throws on every answer that breaks the contract.
  @Test
  @Order(2)
  void java() {
    JavaScenario.hold(server.client(), job.fineTunedModel().orElseThrow());
  }

  /// The job's first steps, trained again by the command for that: on its rows, and on rows of
  /// which one that comes in the second step has another answer.
  @Test
  @Order(1)
  void verify() throws Exception {
    Jobs.assertVerified(server, job.id(), 2);
    var rows = Files.readAllLines(LessonTest.ROWS);
    rows.set(IN_SECOND_STEP, rows.get(IN_SECOND_STEP).replace("a saw took", "no saw took"));
    var changed = Files.write(folder.resolve("changed.jsonl"), rows);
    var again = Jobs.verify(server, job.id(), 3, "--rows", changed.toString());
    assertEquals(1, again.exit(), again::said);
    assertTrue(
        again
            .said()
            .matches(
                "training_sha256 was [0-9a-f]{64}, is [0-9a-f]{64}\n"
                    + "Differs at step 2: the loss was [.0-9]+, is [.0-9]+\\."),
        again::said);
  }

  @SuppressWarnings("deprecation") // `hyperparameters` beside `method` is what users' code sends
  private static FineTuningJob created(OpenAIClient client, FileObject file) {
    return client
        .fineTuning()
        .jobs()
        .create(
            JobCreateParams.builder()
                .model("gpt-4o-mini")
                .trainingFile(file.id())
                .hyperparameters(
                    JobCreateParams.Hyperparameters.builder().nEpochs(1).batchSize(4).build())
                .seed(7)
                .suffix("sdk")
                .build());
  }
}
