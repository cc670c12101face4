package dev.luthier.engine.infer;

/// Says which tokens may come next in one answer. Called on the generator's thread, in turns:
/// [#allowed], then [#accept] with one of those tokens. What it throws ends its own generation.
public interface TokenConstraint {
  /// The tokens that may come next, bit `id % 64` of word `id / 64`; those beyond its end may not.
  /// At least one must be there; the end tokens of the request only where the answer may end.
  long[] allowed();

  /// The token that was chosen.
  void accept(int id);
}
