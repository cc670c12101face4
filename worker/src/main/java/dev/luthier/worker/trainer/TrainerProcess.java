package dev.luthier.worker.trainer;

import dev.luthier.worker.ExitCode;
import dev.luthier.worker.TemporaryFolder;
import dev.luthier.worker.WorkerEnvironment;
import dev.luthier.worker.server.Patience;
import dev.luthier.worker.server.ServerClient;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/// A trainer with the engine behind it, in a folder of its own that goes when it ends.
public final class TrainerProcess {
  private final Signals signals = new Signals();
  private Optional<Thread> enrolling = Optional.empty();

  /// Enrols, does the job, reports.
  public ExitCode run(WorkerEnvironment environment) throws IOException, InterruptedException {
    try (var folder = TemporaryFolder.make("luthier-trainer-");
        var client = ServerClient.open(environment.server(), Patience.OF_ENROLMENT)) {
      ServerClient server = enrol(client, environment).with(Patience.OF_TRAINERS);
      var rhythm = Trainer.Rhythm.standard(environment.resumeEvery());
      var training = EngineTraining.standard(manifest -> send(server, manifest));
      return new Trainer(server, training, signals, rhythm, folder.path()).run();
    }
  }

  private static void send(ServerClient server, Map<String, String> manifest) {
    try {
      server.post("job/manifest", manifest);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while the manifest was sent");
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
}
