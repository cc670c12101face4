package dev.luthier.app.bases;

/// A base cannot be had from a source; the message says what failed and what to do.
public final class BaseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BaseException(String message) {
    super(message);
  }

  public BaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
