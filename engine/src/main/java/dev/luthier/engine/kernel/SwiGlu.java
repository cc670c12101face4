package dev.luthier.engine.kernel;

/// The gated unit of Llama's feed-forward block (Shazeer 2020), on bf16 rows.
///
/// h = silu(gate) * up with silu(e) = e * sigmoid(e), computed in fp32 and rounded once. Strides
/// count elements, so gate and up may be halves of one row.
public final class SwiGlu {
  private SwiGlu() {}

  /// h of gate and up, each [rows,columns]. h may be gate or up.
  public static void forward(
      long h,
      long hStride,
      long gate,
      long gateStride,
      long up,
      long upStride,
      int rows,
      int columns) {
    Lanes.unfinished(h);
  }

  /// From dh, gate and up: h once more, and the gradients. With s = sigmoid(gate) and f = gate * s:
  /// h = f * up, dUp = dh * f, dGate = dh * up * s * (1 + gate * (1 - s)). All [rows,columns]. Each
  /// of the three results may overwrite any of the three inputs, element upon element.
  public static void backward(
      long h,
      long hStride,
      long dGate,
      long dGateStride,
      long dUp,
      long dUpStride,
      long dh,
      long dhStride,
      long gate,
      long gateStride,
      long up,
      long upStride,
      int rows,
      int columns) {
    Lanes.unfinished(h);
  }
}
