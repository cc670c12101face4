package dev.luthier.platform.batches;

/// When the next line may be asked. Safe for many threads.
@FunctionalInterface
public interface Turn {
  /// Returns when it may.
  void await() throws InterruptedException;
}
