package dev.luthier.engine.nn;

import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;

/// Root mean square normalisation (Zhang and Sennrich 2019) over the last dimension, with a frozen
/// weight [H]. The mean is taken in fp32; like the reference implementation, the normalised row is
/// rounded to the compute type before the weight is applied.
public record RmsNorm(Tensor weight, double epsilon) {
  /// x [N,H] -> [N,H]
  public Tensor forward(Tensor x) {
    try (var scope = Scope.open()) {
      return scope.keep(forward(x, inverseRms(x)));
    }
  }

  /// x [N,H], its [#inverseRms] -> [N,H]
  public Tensor forward(Tensor x, Tensor inverseRms) {
    try (var scope = Scope.open()) {
      return scope.keep(x.to(DType.F32).mul(inverseRms).to(x.type()).mul(weight));
    }
  }

  /// 1 / sqrt(mean(x^2) + epsilon) of each row: x [N,H] -> fp32 [N,1]
  public Tensor inverseRms(Tensor x) {
    try (var scope = Scope.open()) {
      var mean = x.to(DType.F32).square().mean(-1, true);
      return scope.keep(mean.add(epsilon).rsqrt());
    }
  }

  /// The gradient of x from that of the output; `inverseRms` is x's. With n = x * inverseRms and v
  /// = dy * weight: dx = inverseRms * (v - n * mean(v * n)). dy, x [N,H] -> [N,H]
  public Tensor backward(Tensor dy, Tensor x, Tensor inverseRms) {
    try (var scope = Scope.open()) {
      var n = x.to(DType.F32).mul(inverseRms);
      var v = dy.mul(weight).to(DType.F32);
      var along = v.mul(n).mean(-1, true);
      return scope.keep(v.sub(n.mulInPlace(along)).mulInPlace(inverseRms).to(x.type()));
    }
  }
}
