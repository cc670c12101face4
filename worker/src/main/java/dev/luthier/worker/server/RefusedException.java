package dev.luthier.worker.server;

/// What this process was given, or what it asked for, is not understood by the other side: trying
/// again is useless.
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public RefusedException(String message) {
    super(message);
  }
}
