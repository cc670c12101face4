package dev.luthier.engine.nn;

import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Softmax attention of a document to itself, or of its last rows to all of it, written out as
/// products: LibTorch's own fused attention is a hundred times too slow backwards in bf16 on a
/// processor.
///
/// Groups of query heads share a key-value head (grouped-query attention); a group's heads are
/// stacked as rows of one product, so keys and values are never copied. Queries go in blocks of
/// `block` rows and each block sees only the keys up to its end: memory grows with the document's
/// length instead of its square, and half of the work above the diagonal is never done.
public record CausalAttention(int heads, int kvHeads, int headDim, int block) {
  private static final int BLOCK = 256;

  public CausalAttention {
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "%d query heads cannot share %d key-value heads evenly".formatted(heads, kvHeads));
    }
  }

  public CausalAttention(int heads, int kvHeads, int headDim) {
    this(heads, kvHeads, headDim, BLOCK);
  }

  /// The gradients of q [R,H*D], k and v [T,KV*D].
  public record InputGradients(Tensor q, Tensor k, Tensor v) {}

  /// q [R,H*D] of the last R rows, k and v [T,KV*D] -> [R,H*D]
  public Tensor forward(Tensor q, Tensor k, Tensor v) {
    try (var scope = Scope.open()) {
      long rows = q.size(0);
      long before = k.size(0) - rows;
      var keys = byHead(k); // (KV, T, D)
      var values = byHead(v);
      List<Tensor> blocks = new ArrayList<>();
      for (long start = 0; start < rows; start += block) {
        long count = Math.min(block, rows - start);
        long end = before + start + count;
        try (var inner = Scope.open()) {
          var p = probabilities(grouped(q.narrow(0, start, count)), keys.narrow(1, 0, end));
          blocks.add(inner.keep(ungrouped(p.matmul(values.narrow(1, 0, end)))));
        }
      }
      return scope.keep(blocks.size() == 1 ? blocks.getFirst() : Tensor.cat(0, blocks));
    }
  }

  /// The gradients of the inputs from that of the output, `dOut` [R,H*D]; `out` is what [#forward]
  /// gave. With P the probabilities and s = 1/sqrt(D): dV = P^T dO, dS = P * (dO V^T - rowsum(dO *
  /// O)), dQ = s dS K, dK = s dS^T Q. P is computed again instead of kept.
  public InputGradients backward(Tensor q, Tensor k, Tensor v, Tensor out, Tensor dOut) {
    try (var scope = Scope.open()) {
      long queryRows = q.size(0);
      long tokens = k.size(0);
      long before = tokens - queryRows;
      var keys = byHead(k);
      var values = byHead(v);
      var dq = Tensor.empty(q.type(), queryRows, (long) heads * headDim);
      var dk = Tensor.zeros(DType.F32, kvHeads, tokens, headDim);
      var dv = Tensor.zeros(DType.F32, kvHeads, tokens, headDim);
      for (long start = 0; start < queryRows; start += block) {
        long rows = Math.min(block, queryRows - start);
        long end = before + start + rows;
        try (var _ = Scope.open()) {
          var seenKeys = keys.narrow(1, 0, end);
          var queries = grouped(q.narrow(0, start, rows)); // (KV, G*B, D)
          var dBlock = grouped(dOut.narrow(0, start, rows));
          var p = probabilities(queries, seenKeys); // (KV, G*B, end)
          dv.narrow(1, 0, end).addInPlace(p.transpose(1, 2).matmul(dBlock));
          var rowSums = dBlock.mul(grouped(out.narrow(0, start, rows)).to(DType.F32)).sum(-1, true);
          var ds =
              dBlock
                  .matmul(values.narrow(1, 0, end).transpose(1, 2))
                  .sub(rowSums) // fp32: the small difference of large sums
                  .mulInPlace(p)
                  .mulInPlace(1 / Math.sqrt(headDim))
                  .to(q.type());
          dq.narrow(0, start, rows).copyFrom(ungrouped(ds.matmul(seenKeys)));
          dk.narrow(1, 0, end).addInPlace(ds.transpose(1, 2).matmul(queries));
        }
      }
      return new InputGradients(
          scope.keep(dq), scope.keep(rows(dk, q.type())), scope.keep(rows(dv, q.type())));
    }
  }

  /// Query groups [KV,G*B,D] of the last B rows, keys [KV,T,D] -> softmax(q k^T / sqrt(D)),
  /// [KV,G*B,T]; row b sees the keys up to T - B + b.
  private Tensor probabilities(Tensor queries, Tensor keys) {
    try (var scope = Scope.open()) {
      long rows = queries.size(1) / (heads / kvHeads);
      long tokens = keys.size(1);
      var scores = queries.matmul(keys.transpose(1, 2)).mul(1 / Math.sqrt(headDim)); // (KV, G*B, T)
      var split = scores.view(kvHeads, heads / kvHeads, rows, tokens);
      split.narrow(3, tokens - rows, rows).addInPlace(mask((int) rows, queries.type()));
      return scope.keep(scores.softmax(-1));
    }
  }

  /// 0 where a row may look, minus infinity to the right of it: [B,B]
  private static Tensor mask(int rows, DType type) {
    var mask = new float[rows * rows];
    for (int r = 0; r < rows; r++) {
      Arrays.fill(mask, r * rows + r + 1, (r + 1) * rows, Float.NEGATIVE_INFINITY);
    }
    return Tensor.of(mask, rows, rows).to(type);
  }

  /// Query rows [B,H*D] -> [KV,G*B,D]
  private Tensor grouped(Tensor rows) {
    return rows.reshape(rows.size(0), heads, headDim)
        .transpose(0, 1)
        .reshape(kvHeads, heads / kvHeads * rows.size(0), headDim);
  }

  /// [KV,G*B,D] -> [B,H*D]
  private Tensor ungrouped(Tensor groups) {
    long rows = groups.size(1) / (heads / kvHeads);
    return groups.view(heads, rows, headDim).transpose(0, 1).reshape(rows, (long) heads * headDim);
  }

  /// Key or value rows [T,KV*D] -> [KV,T,D], a view
  private Tensor byHead(Tensor rows) {
    return rows.view(rows.size(0), kvHeads, headDim).transpose(0, 1);
  }

  /// [KV,T,D] -> [T,KV*D]
  private Tensor rows(Tensor byHead, DType type) {
    return byHead.transpose(0, 1).reshape(byHead.size(1), (long) kvHeads * headDim).to(type);
  }
}
