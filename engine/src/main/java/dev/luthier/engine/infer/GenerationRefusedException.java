package dev.luthier.engine.infer;

/// A request that was not accepted; nothing of it was begun.
public final class GenerationRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What the caller decides on.
  public enum Reason {
    /// Try again later.
    QUEUE_FULL,
    /// Prompt and maxTokens exceed the context.
    CONTEXT_TOO_LONG,
    /// A token id that the model does not have.
    INVALID_TOKEN,
    /// The generator was closed or its thread failed.
    CLOSED
  }

  private final Reason reason;

  public GenerationRefusedException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
