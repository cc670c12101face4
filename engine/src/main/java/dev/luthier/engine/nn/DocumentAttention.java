package dev.luthier.engine.nn;

import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// Documents one after another, each by [CausalAttention].
///
/// @param offsets the first row of each document, and the number of all rows
// Made for one pack and never compared.
@SuppressWarnings("ArrayRecordComponent")
public record DocumentAttention(CausalAttention attention, int[] offsets) implements PackAttention {
  @Override
  public Attended forward(Tensor q, Tensor k, Tensor v) {
    try (var scope = Scope.open()) {
      var rows = new ArrayList<Tensor>();
      for (int d = 0; d < documents(); d++) {
        rows.add(attention.forward(cut(q, d), cut(k, d), cut(v, d)));
      }
      return new Attended(
          scope.keep(rows.size() == 1 ? rows.getFirst() : Tensor.cat(0, rows)), List.of());
    }
  }

  @Override
  public CausalAttention.InputGradients backward(
      Tensor q, Tensor k, Tensor v, Attended attended, Tensor dOut) {
    try (var scope = Scope.open()) {
      var dq = new ArrayList<Tensor>();
      var dk = new ArrayList<Tensor>();
      var dv = new ArrayList<Tensor>();
      for (int d = 0; d < documents(); d++) {
        var gradients =
            attention.backward(
                cut(q, d), cut(k, d), cut(v, d), cut(attended.rows(), d), cut(dOut, d));
        dq.add(gradients.q());
        dk.add(gradients.k());
        dv.add(gradients.v());
      }
      return new CausalAttention.InputGradients(
          scope.keep(Tensor.cat(0, dq)),
          scope.keep(Tensor.cat(0, dk)),
          scope.keep(Tensor.cat(0, dv)));
    }
  }

  private int documents() {
    return offsets.length - 1;
  }

  private Tensor cut(Tensor rows, int document) {
    return rows.narrow(0, offsets[document], offsets[document + 1] - offsets[document]);
  }
}
