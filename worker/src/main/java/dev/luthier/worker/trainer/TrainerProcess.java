package dev.luthier.worker.trainer;

import dev.luthier.worker.ExitCode;
import dev.luthier.worker.WorkerEnvironment;
import dev.luthier.worker.server.Patience;
import dev.luthier.worker.server.ServerClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/// A trainer with the engine behind it, in a folder of its own that goes when it ends.
public final class TrainerProcess {
  private final Signals signals = new Signals();

  /// Enrols, does the job, reports.
  public ExitCode run(WorkerEnvironment environment) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("luthier-trainer-");
    try (var client = ServerClient.open(environment.server(), Patience.OF_TRAINERS)) {
      ServerClient server = client.enrol(environment.enrolment());
      var rhythm = Trainer.Rhythm.standard(environment.resumeEvery());
      return new Trainer(server, new EngineTraining(), signals, rhythm, folder).run();
    } finally {
      delete(folder);
    }
  }

  /// Asks the run to keep its resume state and report `stopped`. Any thread.
  public void stop() {
    signals.stop("this process was told to end");
  }

  private static void delete(Path folder) throws IOException {
    List<Path> deepestFirst;
    try (var files = Files.walk(folder)) {
      deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.deleteIfExists(file);
    }
  }
}
