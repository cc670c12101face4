package dev.luthier.engine.infer;

import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.tensor.Precision;

/// Limits and compute type of a [Generator].
///
/// @param precision bf16 computes as the weights are stored; fp32 is quicker where bf16 products
///   are emulated; a base that the kernels fit is answered from bytes with either
/// @param batchMax sequences decoded together
/// @param queueMax requests that may wait beyond those
/// @param adaptersMax adapters kept in memory; the one used longest ago leaves first
/// @param threads threads that a single product is spread over
public record GeneratorSettings(
    Precision precision, int batchMax, int queueMax, int adaptersMax, int threads) {
  public GeneratorSettings {
    atLeastOne("batchMax", batchMax);
    atLeastOne("queueMax", queueMax);
    atLeastOne("adaptersMax", adaptersMax);
    atLeastOne("threads", threads);
  }

  /// In the compute type that this process's device is quick at.
  public static GeneratorSettings defaults() {
    int threads = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 16);
    return new GeneratorSettings(Device.computeType().precision(), 16, 256, 8, threads);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + "; at least 1 is needed");
    }
  }
}
