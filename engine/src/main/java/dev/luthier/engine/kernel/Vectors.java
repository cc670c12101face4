package dev.luthier.engine.kernel;

import jdk.incubator.vector.VectorShape;

/// Whether this machine has the vectors that the kernels are written for.
public final class Vectors {
  private static final int BITS = 512;

  private Vectors() {}

  /// True where registers hold 512 bits and the virtual machine uses them. Elsewhere the kernels
  /// give the same results, many times slower than plain code.
  public static boolean areWide() {
    return lanes() * Float.SIZE >= BITS;
  }

  /// fp32 lanes of this machine's vectors; 0 where the virtual machine has none.
  public static int lanes() {
    // Without the module the class below could not even be loaded.
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        ? VectorShape.preferredShape().vectorBitSize() / Float.SIZE
        : 0;
  }
}
