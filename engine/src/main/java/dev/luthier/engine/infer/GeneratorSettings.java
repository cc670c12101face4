package dev.luthier.engine.infer;

/// Limits and compute type of a [Generator].
///
/// @param precision bf16 computes as the weights are stored; fp32 is for tests and comparisons
/// @param batchMax sequences decoded together
/// @param queueMax requests that may wait beyond those
/// @param adaptersMax adapters kept in memory; the one used longest ago leaves first
/// @param threads threads a single operation may use
public record GeneratorSettings(
    Precision precision, int batchMax, int queueMax, int adaptersMax, int threads) {
  /// Element type that the forward pass computes in.
  public enum Precision {
    BF16,
    FP32
  }

  public GeneratorSettings {
    atLeastOne("batchMax", batchMax);
    atLeastOne("queueMax", queueMax);
    atLeastOne("adaptersMax", adaptersMax);
    atLeastOne("threads", threads);
  }

  public static GeneratorSettings defaults() {
    return new GeneratorSettings(
        Precision.BF16, 16, 256, 8, Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 16));
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + "; at least 1 is needed");
    }
  }
}
