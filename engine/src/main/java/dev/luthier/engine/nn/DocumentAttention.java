package dev.luthier.engine.nn;

import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import java.util.ArrayList;
import java.util.List;

/// Documents one after another, each by [CausalAttention]. Their own rows cover the pack in order.
public record DocumentAttention(CausalAttention attention, List<Document> documents)
    implements PackAttention {
  public DocumentAttention {
    documents = List.copyOf(documents);
  }

  @Override
  public Attended forward(Tensor q, Tensor k, Tensor v) {
    try (var scope = Scope.open()) {
      var rows = new ArrayList<Tensor>();
      for (var document : documents) {
        rows.add(attention.forward(own(q, document), seen(k, document), seen(v, document)));
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
      var dk = Tensor.zeros(DType.F32, k.shape());
      var dv = Tensor.zeros(DType.F32, v.shape());
      for (var document : documents) {
        var gradients =
            attention.backward(
                own(q, document),
                seen(k, document),
                seen(v, document),
                own(attended.rows(), document),
                own(dOut, document));
        dq.add(gradients.q());
        add(gradients.k(), document, dk);
        add(gradients.v(), document, dv);
      }
      return new CausalAttention.InputGradients(
          scope.keep(Tensor.cat(0, dq)), scope.keep(dk.to(k.type())), scope.keep(dv.to(v.type())));
    }
  }

  private static Tensor own(Tensor rows, Document document) {
    return cut(rows, document.own());
  }

  /// The rows of the prefix, then the document's own.
  private static Tensor seen(Tensor rows, Document document) {
    var own = own(rows, document);
    return document.hasPrefix() ? Tensor.cat(0, List.of(cut(rows, document.prefix()), own)) : own;
  }

  /// Adds gradients of the rows that were [#seen] where those lie.
  private static void add(Tensor gradients, Document document, Tensor to) {
    int before = document.prefix().length();
    if (before > 0) {
      cut(to, document.prefix()).addInPlace(gradients.narrow(0, 0, before));
    }
    own(to, document).addInPlace(gradients.narrow(0, before, document.own().length()));
  }

  private static Tensor cut(Tensor rows, Document.Span span) {
    return rows.narrow(0, span.start(), span.length());
  }
}
