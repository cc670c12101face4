package dev.luthier.engine.infer;

/// A generation that was accepted.
public interface Generation {
  /// Ends it within one step; its sink hears CANCELLED unless it had ended before. Any thread, any
  /// number of times.
  void cancel();
}
