package dev.luthier.wire.bench;

import java.util.List;

/// How fast the processor multiplies bf16 at a base's shapes, all threads together.
///
/// @param products empty where the processor has no matrix units
public record ProductBenchReport(String model, int threads, int rows, List<Product> products) {
  public ProductBenchReport {
    products = List.copyOf(products);
  }

  /// One linear.
  ///
  /// @param gflops of X W^T, in 10^9 operations a second; an addition and a multiplication are two
  /// @param backwardGflops of dY W
  public record Product(String name, int out, int in, double gflops, double backwardGflops) {}
}
