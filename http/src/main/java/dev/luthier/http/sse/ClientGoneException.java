package dev.luthier.http.sse;

/// Nobody reads the answer any more; whatever is made for it should be cancelled.
public final class ClientGoneException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ClientGoneException(Throwable cause) {
    super("the client closed the connection", cause);
  }

  public ClientGoneException() {
    super("the client closed the connection");
  }
}
