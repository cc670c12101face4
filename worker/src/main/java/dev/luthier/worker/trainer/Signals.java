package dev.luthier.worker.trainer;

import dev.luthier.worker.server.FencedException;
import dev.luthier.worker.server.ServerAwayException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What other threads want of the training thread, which looks here before each step. Thread safe.
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Optional<String> stop = Optional.empty();
  private Optional<RuntimeException> end = Optional.empty();

  /// Save the resume state and leave; the first reason is kept.
  synchronized void stop(String reason) {
    if (stop.isEmpty()) {
      LOG.info("stopping before the next step: {}", reason);
      stop = Optional.of(reason);
    }
  }

  synchronized boolean isStopAsked() {
    return stop.isPresent();
  }

  /// Leave at once: this process has no say any more.
  synchronized void fenced(FencedException cause) {
    end = Optional.of(cause);
  }

  /// Leave at once: nobody is there to tell.
  synchronized void orphaned(ServerAwayException cause) {
    end = Optional.of(cause);
  }

  /// Throws what [#fenced] or [#orphaned] was told.
  synchronized void throwIfEnded() {
    if (end.isPresent()) {
      throw end.get();
    }
  }
}
