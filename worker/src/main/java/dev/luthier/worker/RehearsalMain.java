package dev.luthier.worker;

import dev.luthier.wire.bench.GenerationBenchRequest;
import dev.luthier.wire.bench.TrainingBenchRequest;
import dev.luthier.wire.internal.EnrolRequest;
import dev.luthier.worker.inference.GenerationBench;
import dev.luthier.worker.server.Patience;
import dev.luthier.worker.server.ServerAwayException;
import dev.luthier.worker.server.ServerClient;
import dev.luthier.worker.trainer.TrainingBench;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A process that does a little of what trainers and inference processes do, with the base whose
/// folder is its argument, and ends: so that the classes they load can be archived.
public final class RehearsalMain {
  private static final Logger LOG = LoggerFactory.getLogger(RehearsalMain.class);
  private static final String BASE = "rehearsal";
  private static final String ROW =
      """
      {"messages":[{"role":"user","content":"Hello"},{"role":"assistant","content":"Good day"}]}
      """;

  private RehearsalMain() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    System.setProperty("logback.configurationFile", "logback-worker.xml");
    rehearse(arguments[0]);
  }

  /// Trains two steps, answers with the base and with an adapter, and calls a server in vain.
  static void rehearse(String baseFolder) throws IOException, InterruptedException {
    try (var folder = TemporaryFolder.make("luthier-rehearsal-")) {
      Path rows = folder.path().resolve("rows.jsonl");
      Files.writeString(rows, ROW + ROW);
      TrainingBench.measure(
          new TrainingBenchRequest(
              BASE,
              baseFolder,
              rows.toString(),
              1,
              2,
              16,
              false,
              1e-4,
              1,
              Optional.empty(),
              Optional.empty()));
    }
    GenerationBench.measure(
        new GenerationBenchRequest(BASE, baseFolder, 8, 8, List.of(1), List.of(0, 1), 1));
    callInVain();
  }

  private static void callInVain() throws InterruptedException {
    var once = new Patience(Duration.ofMillis(1), Duration.ofMillis(1), Duration.ZERO);
    // The discard port, where nobody answers on loopback.
    try (var client = ServerClient.open(URI.create("http://127.0.0.1:9/"), once)) {
      client.enrol(new EnrolRequest("luthier-rehearsal", "enrol-rehearsal"));
    } catch (ServerAwayException e) {
      LOG.debug("as expected", e);
    }
  }
}
