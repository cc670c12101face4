package dev.luthier.app.client;

/// A request that was refused, or that no server answered; the message is a sentence for people.
public final class ApiFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// No answer came at all.
  public static final int UNREACHABLE = 0;

  private final int status;

  public ApiFailure(int status, String message) {
    super(message);
    this.status = status;
  }

  public ApiFailure(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /// The HTTP status, or [#UNREACHABLE].
  public int status() {
    return status;
  }
}
