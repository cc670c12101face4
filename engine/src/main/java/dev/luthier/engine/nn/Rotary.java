package dev.luthier.engine.nn;

import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import java.util.List;

/// Rotary positions (Su et al. 2021) in the half-split layout of Hugging Face: dimension i turns
/// with dimension i + D/2, by the angle position * theta^(-2i/D).
///
/// The tables cover positions 0 up to `positions`, [positions,D], and belong to the scope named.
public final class Rotary {
  private final Tensor cos;
  private final Tensor sin;
  private final int headDim;

  private Rotary(Tensor cos, Tensor sin, int headDim) {
    this.cos = cos;
    this.sin = sin;
    this.headDim = headDim;
  }

  public static Rotary of(
      int headDim, double theta, int positions, Precision precision, Scope owner) {
    int half = headDim / 2;
    var cos = new float[positions * headDim];
    var sin = new float[positions * headDim];
    for (int i = 0; i < half; i++) {
      // The reference keeps the frequencies and angles in fp32; so do we, to meet its bits.
      float frequency = (float) (1.0 / Math.pow(theta, 2.0 * i / headDim));
      for (int p = 0; p < positions; p++) {
        float angle = p * frequency;
        int at = p * headDim + i;
        cos[at] = cos[at + half] = (float) Math.cos(angle);
        sin[at] = sin[at + half] = (float) Math.sin(angle);
      }
    }
    return new Rotary(
        Tensor.of(cos, positions, headDim).to(precision.dtype()).moveTo(owner),
        Tensor.of(sin, positions, headDim).to(precision.dtype()).moveTo(owner),
        headDim);
  }

  /// The table of cosines, rounded to the compute type: [positions,D], row-major.
  public float[] cosines() {
    return cos.toFloats();
  }

  /// The table of sines, likewise.
  public float[] sines() {
    return sin.toFloats();
  }

  /// The angles of N rows, picked once a pass and shared by all layers.
  public Angles at(Tensor positions) {
    return new Angles(
        cos.indexSelect(0, positions).unsqueeze(1),
        sin.indexSelect(0, positions).unsqueeze(1),
        headDim);
  }

  /// cos and sin of N rows, each [N,1,D].
  public record Angles(Tensor cos, Tensor sin, int headDim) {
    /// Turns every head by its row's angles: x [N,H*D] -> [N,H*D]
    public Tensor turn(Tensor x) {
      try (var scope = Scope.open()) {
        return scope.keep(turned(x, false));
      }
    }

    /// Turns back, which is also the gradient of [#turn].
    public Tensor turnBack(Tensor x) {
      try (var scope = Scope.open()) {
        return scope.keep(turned(x, true));
      }
    }

    private Tensor turned(Tensor x, boolean back) {
      long rows = x.size(0);
      long width = x.size(1);
      int half = headDim / 2;
      var heads = x.view(rows, width / headDim, headDim); // (N, H, D)
      var first = heads.narrow(2, 0, half);
      var second = heads.narrow(2, half, half);
      var quarter =
          back
              ? Tensor.cat(2, List.of(second, first.neg()))
              : Tensor.cat(2, List.of(second.neg(), first)); // x turned by 90 degrees
      return heads.mul(cos).add(quarter.mul(sin)).view(rows, width);
    }
  }
}
