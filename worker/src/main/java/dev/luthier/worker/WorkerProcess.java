package dev.luthier.worker;

import dev.luthier.wire.internal.DeviceException;
import dev.luthier.worker.server.FencedException;
import dev.luthier.worker.server.RefusedException;
import dev.luthier.worker.server.ServerAwayException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The frame of a worker's `main`: environment, SIGTERM, exit code.
final class WorkerProcess {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerProcess.class);

  /// A launcher that sends SIGTERM sends SIGKILL sooner than this.
  private static final Duration LEAVE_WITHIN = Duration.ofMinutes(5);

  private final CompletableFuture<ExitCode> ended = new CompletableFuture<>();
  private final AtomicReference<Optional<Runnable>> onTerminate =
      new AtomicReference<>(Optional.empty());

  /// What the process is for.
  @FunctionalInterface
  interface Work {
    ExitCode run(WorkerEnvironment environment, WorkerProcess process) throws Exception;
  }

  /// Runs `work` and ends the process by its exit code.
  static void run(Work work) {
    var process = new WorkerProcess();
    Runtime.getRuntime().addShutdownHook(new Thread(process::terminate, "terminate"));
    ExitCode code = process.result(work);
    process.ended.complete(code);
    System.exit(code.code());
  }

  /// Names what SIGTERM calls; it asks the work to end and returns.
  void onTerminate(Runnable action) {
    onTerminate.set(Optional.of(action));
  }

  private ExitCode result(Work work) {
    try {
      var environment = WorkerEnvironment.read(System.getenv());
      WorkerDevice.take(System.getenv());
      return work.run(environment, this);
    } catch (DeviceException e) {
      LOG.error("{}", e.getMessage());
      return ExitCode.SPEC_REFUSED;
    } catch (FencedException e) {
      LOG.warn("not let in: {}", e.getMessage());
      return ExitCode.FENCED;
    } catch (ServerAwayException e) {
      LOG.error("{}", e.getMessage());
      return ExitCode.TRY_AGAIN;
    } catch (RefusedException e) {
      LOG.error("{}", e.getMessage());
      return ExitCode.SPEC_REFUSED;
    } catch (InterruptedException e) {
      return ExitCode.TRY_AGAIN;
    } catch (Exception | OutOfMemoryError e) {
      LOG.error("this process failed", e);
      return ExitCode.CRASHED;
    }
  }

  /// Runs as the shutdown hook. The hook, not the virtual machine, must choose the exit code: after
  /// SIGTERM the latter is always 143, which a launcher would take for a crash.
  private void terminate() {
    if (!ended.isDone()) {
      onTerminate.get().ifPresent(Runnable::run);
    }
    ExitCode code = ExitCode.TRY_AGAIN;
    if (onTerminate.get().isPresent() || ended.isDone()) {
      try {
        code = ended.get(LEAVE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException
          | java.util.concurrent.ExecutionException
          | TimeoutException e) {
        LOG.error("did not end within {} s of SIGTERM", LEAVE_WITHIN.toSeconds(), e);
      }
    }
    Runtime.getRuntime().halt(code.code());
  }
}
