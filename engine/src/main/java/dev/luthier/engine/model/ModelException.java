package dev.luthier.engine.model;

/// A base folder or an adapter that this engine cannot run; the message names the thing and the
/// remedy.
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ModelException(String message) {
    super(message);
  }

  public ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
