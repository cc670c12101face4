package dev.luthier.http.sse;

/// Nobody reads the stream any more; whatever is made for it should be cancelled.
public final class ClientGoneException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ClientGoneException(Throwable cause) {
    super("the client closed the stream", cause);
  }

  ClientGoneException() {
    super("the client closed the stream");
  }
}
