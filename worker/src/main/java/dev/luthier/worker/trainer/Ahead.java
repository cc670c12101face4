package dev.luthier.worker.trainer;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Something that is made on a thread of its own from now on, and asked for later. Closed before it
/// is there, it is not waited for.
final class Ahead<T> implements AutoCloseable {
  private final FutureTask<T> made;

  Ahead(String thread, Callable<T> work) {
    made = new FutureTask<>(work);
    Thread.ofPlatform().name(thread).daemon().start(made);
  }

  /// Waits for it; throws what its making threw.
  T get() throws IOException {
    try {
      return made.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException unread -> throw unread;
        case RuntimeException failed -> throw failed;
        case Error failed -> throw failed;
        case null, default -> throw new IllegalStateException(e);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      var cancelled = new CancellationException("interrupted while rows were read");
      cancelled.initCause(e);
      throw cancelled;
    }
  }

  @Override
  public void close() {
    made.cancel(true);
  }
}
