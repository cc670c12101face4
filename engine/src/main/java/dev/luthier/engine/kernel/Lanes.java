package dev.luthier.engine.kernel;

/// What the kernels share.
final class Lanes {
  private Lanes() {}

  static void unfinished(long address) {
    if (address != 0) {
      throw new UnsupportedOperationException("this kernel is being written");
    }
  }
}
