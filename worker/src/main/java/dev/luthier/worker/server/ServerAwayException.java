package dev.luthier.worker.server;

import java.time.Duration;

/// The server did not answer for longer than a worker waits for it.
public final class ServerAwayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ServerAwayException(String call, Duration patience, Throwable last) {
    super(
        "The server gave no usable answer to %s for %d s; last: %s"
            .formatted(call, patience.toSeconds(), last),
        last);
  }
}
