package dev.luthier.engine.nn;

import dev.luthier.engine.tensor.FlashAttention;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import java.util.List;

/// All documents in one call of a GPU's flash attention; they share nothing.
public record FlashPackAttention(
    int heads, int kvHeads, int headDim, FlashAttention.Documents documents)
    implements PackAttention {
  @Override
  public Attended forward(Tensor q, Tensor k, Tensor v) {
    try (var scope = Scope.open()) {
      var result =
          FlashAttention.forward(split(q, heads), split(k, kvHeads), split(v, kvHeads), documents);
      return new Attended(
          scope.keep(joined(result.out())),
          List.of(
              scope.keep(result.logSums()),
              scope.keep(result.randomState()),
              scope.keep(result.unused())));
    }
  }

  @Override
  public CausalAttention.InputGradients backward(
      Tensor q, Tensor k, Tensor v, Attended attended, Tensor dOut) {
    try (var scope = Scope.open()) {
      var kept = attended.kept();
      var result =
          new FlashAttention.Result(
              split(attended.rows(), heads), kept.get(0), kept.get(1), kept.get(2));
      var gradients =
          FlashAttention.backward(
              split(dOut, heads),
              split(q, heads),
              split(k, kvHeads),
              split(v, kvHeads),
              result,
              documents);
      return new CausalAttention.InputGradients(
          scope.keep(joined(gradients.q())),
          scope.keep(joined(gradients.k())),
          scope.keep(joined(gradients.v())));
    }
  }

  /// [N,heads*D] -> [N,heads,D]
  private Tensor split(Tensor rows, int count) {
    return rows.view(rows.size(0), count, headDim);
  }

  /// [N,heads,D] -> [N,heads*D]
  private static Tensor joined(Tensor rows) {
    return rows.reshape(rows.size(0), rows.size(1) * rows.size(2));
  }
}
