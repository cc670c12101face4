package dev.luthier.engine.infer;

/// Why a generation ended without a failure.
public enum EndReason {
  /// The model produced one of the request's end tokens (which is not handed out).
  STOP_TOKEN,
  /// `maxTokens` were produced.
  LENGTH,
  /// The sink answered that it has enough.
  STOPPED,
  /// [Generation#cancel] was called.
  CANCELLED
}
