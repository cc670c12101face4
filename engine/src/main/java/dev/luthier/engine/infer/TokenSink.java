package dev.luthier.engine.infer;

/// Receives one generation, in order: [#prefilled], tokens, then [#end] or [#failed] exactly once.
///
/// Called on the generator's own thread between two steps of the whole batch: return at once, hand
/// work elsewhere. What it throws ends this generation by [#failed] and no other.
public interface TokenSink {
  /// The prompt has been read; the first token follows. `cachedTokens` of it were known from
  /// prompts before.
  void prefilled(int promptTokens, int cachedTokens);

  /// Returns false to stop now (for example because a stop string was seen); [#end] with STOPPED
  /// follows.
  boolean token(GeneratedToken token);

  void end(EndReason reason);

  void failed(Throwable cause);
}
