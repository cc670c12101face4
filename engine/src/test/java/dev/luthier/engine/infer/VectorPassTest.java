package dev.luthier.engine.infer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.tensor.Precision;
import java.io.IOException;

/// The kernels of vectors of any length.
class VectorPassTest extends RawModelPromises<VectorAdapter> {
  /// Weights in bytes are off by up to half of 1/127 of a channel's largest.
  private static final double TOLERANCE = 0.03;

  VectorPassTest() {
    super(Precision.FP32, TOLERANCE);
  }

  @Override
  RawModel<VectorAdapter> model(int threads) throws IOException {
    var llama = llama();
    assertTrue(VectorWeights.fit(llama));
    return RawModel.onVectors(llama, settings(threads));
  }
}
