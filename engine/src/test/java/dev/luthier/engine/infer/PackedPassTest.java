package dev.luthier.engine.infer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.kernel.Processor;
import dev.luthier.engine.tensor.Precision;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;

/// The kernels of matrix units.
class PackedPassTest extends RawModelPromises<PackedAdapter> {
  /// Weights in bytes are off by up to half of 1/127 of a channel's largest, some 0.6 % of a
  /// typical weight; the portable path rounds more often to bf16. Found: up to 0.033.
  private static final double TOLERANCE = 0.05;

  PackedPassTest() {
    super(Precision.BF16, TOLERANCE);
  }

  @BeforeEach
  void matrixUnits() {
    Processor.hasMatrixUnits();
  }

  @Override
  RawModel<PackedAdapter> model(int threads) throws IOException {
    var llama = llama();
    assertTrue(PackedWeights.fit(llama));
    return RawModel.onMatrixUnits(llama, settings(threads));
  }
}
