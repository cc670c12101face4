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
import java.util.Optional;

/// A trainer with the engine behind it, in a folder of its own that goes when it ends.
public final class TrainerProcess {
  private final Signals signals = new Signals();
  private Optional<Thread> enrolling = Optional.empty();

  /// Enrols, does the job, reports.
  public ExitCode run(WorkerEnvironment environment) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("luthier-trainer-");
    try (var client = ServerClient.open(environment.server(), Patience.OF_TRAINERS)) {
      ServerClient server = enrol(client, environment);
      var rhythm = Trainer.Rhythm.standard(environment.resumeEvery());
      return new Trainer(server, new EngineTraining(), signals, rhythm, folder).run();
    } finally {
      delete(folder);
    }
  }

  private ServerClient enrol(ServerClient client, WorkerEnvironment environment)
      throws InterruptedException {
    enrolling(Optional.of(Thread.currentThread()));
    try {
      return client.enrol(environment.enrolment());
    } finally {
      enrolling(Optional.empty());
    }
  }

  private synchronized void enrolling(Optional<Thread> thread) {
    enrolling = thread;
  }

  /// Asks the run to keep its resume state and report `stopped`; before it has enrolled there is
  /// nothing to keep and it leaves at once. Any thread.
  public synchronized void stop() {
    signals.stop("this process was told to end");
    enrolling.ifPresent(Thread::interrupt);
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
