package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/// What tests need of the processor. `.ci/no-skips` knows these words, and lets tests be skipped
/// for them where the processor's own flags say the same.
public final class Processor {
  private Processor() {}

  public static void hasMatrixUnits() {
    assumeTrue(Brgemm.isAvailable(), "the processor has no matrix units");
  }

  public static void hasWideVectors() {
    assumeTrue(Vectors.areWide(), "the processor has no vectors of 512 bits");
  }
}
