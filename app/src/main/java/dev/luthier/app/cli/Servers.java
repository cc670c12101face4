package dev.luthier.app.cli;

import dev.luthier.app.bases.Stages;
import dev.luthier.app.config.Config;
import dev.luthier.platform.launch.WorkerKind;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;

/// Starts servers in this process, and names the worker processes that one would start.
public interface Servers {
  /// A server that listens on the data folder of `config`. Fetches the default base first if it is
  /// not there.
  ///
  /// @throws StartException one sentence: the folder is in use, the port is taken, …
  Running start(Config config, Stages stages) throws IOException, InterruptedException;

  /// Starts a server on an empty folder and closes it: the classes of a start are loaded then.
  void rehearse(Config config) throws IOException;

  /// A worker process of this kind, not started yet, that measures instead of serving: with the
  /// options and the environment of the real one. Its arguments are to be added.
  ProcessBuilder bench(Config config, WorkerKind kind);

  /// A server that answers.
  interface Running extends AutoCloseable {
    URI url();

    /// A key that is good while this server runs, for this machine's command line.
    String localKey();

    /// The key that this start made; shown once.
    Optional<String> newKey();

    /// The dashboard's address, which logs in whoever opens it first.
    URI dashboard();

    /// Stops gracefully: running jobs write their state and are queued again.
    @Override
    void close();
  }

  /// Why a server did not start.
  final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StartException(String message) {
      super(message);
    }
  }
}
