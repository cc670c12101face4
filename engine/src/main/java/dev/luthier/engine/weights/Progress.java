package dev.luthier.engine.weights;

/// Hears how far a long import is. Called on the importing thread, once a tensor or a few times a
/// second.
@FunctionalInterface
public interface Progress {
  /// `done` of `total` bytes are written.
  void at(long done, long total);

  static Progress silent() {
    return (_, _) -> {};
  }
}
