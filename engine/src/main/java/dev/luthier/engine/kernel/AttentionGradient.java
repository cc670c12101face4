package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.KeyBlocks.BLOCK;
import static dev.luthier.engine.kernel.KeyBlocks.STRIP;
import static dev.luthier.engine.kernel.ScoreStrip.LANES;

import java.lang.foreign.MemorySegment;

/// The gradients of [Attention], one head at a time, with the temporaries they need: one per
/// thread.
///
/// With P the probabilities, computed again from the saved logarithms of their sums, and s =
/// 1/sqrt(D): dV = P^T dO, dS = P * (dO V^T - rowsum(dO * O)), dQ = s dS K, dK = s dS^T Q (Dao et
/// al. 2022, FlashAttention, algorithm 4).
///
/// Heads that share keys sum their dK and dV. To let them go to different threads, each leaves its
/// share in fp32, [#partialBytes] long, and [#sum] adds the shares in order: [#group] gives the
/// same bits in one call.
public final class AttentionGradient {
  private static final int BF16_BYTES = 2;

  /// Queries, or elements of a head, that are taken together to make pairs of 16.
  private static final int PAIR = 2 * LANES;

  private final int headDim;
  private final float scale;
  private final KeyBlocks blocks;

  /// Q^T and dO^T [D,64] in pairs of elements, Q and dO [64,D] in pairs of queries.
  private final long queriesAcross;

  private final long dOutAcross;
  private final long queries;
  private final long dOut;

  /// S^T and dP^T [STRIP,64].
  private final long scores;

  private final long dScores;

  /// P^T and dS^T [STRIP,64], and dS^T in pairs of keys.
  private final long p;

  private final long ds;
  private final long dsPairs;

  /// dQ^T [D,64], fp32, then in pairs of elements.
  private final long dq;

  private final long dqPairs;

  /// The rows of a block that is not full: of q, of out and of dOut.
  private final long restQ;

  private final long restOut;
  private final long restDOut;

  /// 64 rows of 16 partial sums, the same transposed, and for each query the row's sum, and the
  /// negative logarithm to base 2 of its softmax's sum.
  private final long products;

  private final long productsAcross;
  private final long rowSums;
  private final long logarithms;
  private final long scales;

  /// A group's sum so far, and the next head's share.
  private final long groupSum;

  private final long groupNext;

  /// For up to `maxKeys` keys of `headDim` elements, a multiple of 32 up to 256.
  public AttentionGradient(Memory memory, int headDim, int maxKeys) {
    this.headDim = headDim;
    scale = (float) (1 / Math.sqrt(headDim));
    blocks = new KeyBlocks(memory, headDim, maxKeys, true);
    long block = (long) BLOCK * headDim;
    queriesAcross = memory.allocate(block * BF16_BYTES);
    dOutAcross = memory.allocate(block * BF16_BYTES);
    queries = memory.allocate(block * BF16_BYTES);
    dOut = memory.allocate(block * BF16_BYTES);
    scores = memory.allocate((long) STRIP * BLOCK * Float.BYTES);
    dScores = memory.allocate((long) STRIP * BLOCK * Float.BYTES);
    p = memory.allocate((long) STRIP * BLOCK * BF16_BYTES);
    ds = memory.allocate((long) STRIP * BLOCK * BF16_BYTES);
    dsPairs = memory.allocate((long) STRIP * BLOCK * BF16_BYTES);
    dq = memory.allocate(block * Float.BYTES);
    dqPairs = memory.allocate(block * BF16_BYTES);
    restQ = memory.allocate(block * BF16_BYTES);
    restOut = memory.allocate(block * BF16_BYTES);
    restDOut = memory.allocate(block * BF16_BYTES);
    products = memory.allocate((long) BLOCK * LANES * Float.BYTES);
    productsAcross = memory.allocate((long) BLOCK * LANES * Float.BYTES);
    rowSums = memory.allocate(BLOCK * Float.BYTES);
    logarithms = memory.allocate(BLOCK * Float.BYTES);
    scales = memory.allocate(LANES * Float.BYTES);
    ScoreStrip.fill(scales, scale, LANES);
    groupSum = memory.allocate(partialBytes(maxKeys, headDim));
    groupNext = memory.allocate(partialBytes(maxKeys, headDim));
  }

  /// As [Attention#keys].
  public void keys(int at, int count, Strided k, Strided v) {
    blocks.put(at, count, k, v);
  }

  /// One query head over the keys handed over: q, out, dOut, dq [rows,D], lse fp32 [rows], as
  /// [Attention#forward] has them; `partial` receives this head's share of dK and dV.
  public void head(
      int start,
      int rows,
      Strided q,
      Strided out,
      Strided dOut,
      long lse,
      Strided dq,
      long partial) {
    if (start + rows != blocks.count()) {
      throw new IllegalArgumentException(
          "queries %d to %d for %d keys".formatted(start, start + rows, blocks.count()));
    }
    KeyBlocks.zero(partial, partialBytes(blocks.count(), headDim));
    for (int row = 0; row < rows; row += BLOCK) {
      int count = Math.min(BLOCK, rows - row);
      take(
          q.from(row, BF16_BYTES),
          out.from(row, BF16_BYTES),
          dOut.from(row, BF16_BYTES),
          lse + (long) row * Float.BYTES,
          count);
      for (int strip = 0; strip < start + row + count; strip += STRIP) {
        strip(start + row, count, strip, partial);
      }
      give(dq.from(row, BF16_BYTES), count);
    }
  }

  /// Packs up to 64 rows.
  private void take(Strided q, Strided out, Strided dOut, long lse, int count) {
    if (count == BLOCK) {
      takeBlock(q, out, dOut);
    } else {
      takeBlock(
          filled(q, count, restQ), filled(out, count, restOut), filled(dOut, count, restDOut));
    }
    KeyBlocks.zero(logarithms, BLOCK * Float.BYTES);
    MemorySegment.copy(Memory.ALL, lse, Memory.ALL, logarithms, (long) count * Float.BYTES);
    GradientStrip.scaled(logarithms, -ScoreStrip.LOG2_E, BLOCK, logarithms);
  }

  /// `count` rows, copied, and zero rows up to 64.
  private Strided filled(Strided rows, int count, long to) {
    KeyBlocks.copy(rows, count, headDim, to);
    long bytes = (long) headDim * BF16_BYTES;
    KeyBlocks.zero(to + count * bytes, (BLOCK - count) * bytes);
    return new Strided(to, headDim);
  }

  private void takeBlock(Strided q, Strided out, Strided dOut) {
    Packing.transpose32(q.address(), q.stride() / 2, BLOCK, headDim / 2, queriesAcross, BLOCK);
    Packing.transpose32(dOut.address(), dOut.stride() / 2, BLOCK, headDim / 2, dOutAcross, BLOCK);
    KeyBlocks.zero(products, (long) BLOCK * LANES * Float.BYTES);
    for (int d = 0; d < headDim; d += PAIR) {
      pair(q, d, queries);
      pair(dOut, d, this.dOut);
      long left = (long) d * BF16_BYTES;
      GradientStrip.products(
          out.address() + left,
          out.stride() * BF16_BYTES,
          dOut.address() + left,
          dOut.stride() * BF16_BYTES,
          BLOCK,
          products);
    }
    Packing.transpose32(products, LANES, BLOCK, LANES, productsAcross, BLOCK);
    for (long column = 0; column < BLOCK * Float.BYTES; column += LANES * Float.BYTES) {
      GradientStrip.down(productsAcross + column, rowSums + column);
    }
  }

  /// Columns d to d + 31 of 64 rows.
  private void pair(Strided rows, int d, long to) {
    long strideBytes = rows.stride() * BF16_BYTES;
    long toBytes = (long) headDim * Integer.BYTES;
    for (int half = 0; half < BLOCK; half += PAIR) {
      GradientStrip.pair(
          rows.from(half, BF16_BYTES).address() + (long) d * BF16_BYTES,
          strideBytes,
          to + half / 2 * toBytes + (long) d * Integer.BYTES,
          toBytes);
    }
  }

  /// The queries at positions `first` on meet the keys from `strip` on.
  private void strip(int first, int count, int strip, long partial) {
    int width = Math.min(STRIP, KeyBlocks.roundUp(first + count, BLOCK) - strip);
    across(width, blocks.keys(strip), queriesAcross, scores);
    across(width, blocks.values(strip), dOutAcross, dScores);
    for (int column = 0; column < BLOCK; column += PAIR) {
      columns(first, count, column, strip, width);
    }
    long dk = partial + (long) strip * headDim * Float.BYTES;
    long dv = dk + partialBytes(blocks.count(), headDim) / 2;
    Brgemm.bf16(width, headDim, BLOCK, BLOCK, headDim, headDim, true, p, dOut, dv);
    Brgemm.bf16(width, headDim, BLOCK, BLOCK, headDim, headDim, true, ds, queries, dk);
    Brgemm.bf16(
        headDim,
        BLOCK,
        width,
        STRIP,
        BLOCK,
        BLOCK,
        strip > 0,
        blocks.transposed(strip),
        dsPairs,
        dq);
  }

  /// Rows [width,D] times packed columns [D,64].
  private void across(int width, long rows, long packed, long to) {
    Brgemm.bf16(width, BLOCK, headDim, headDim, BLOCK, BLOCK, false, rows, packed, to);
  }

  /// 32 queries.
  private void columns(int first, int count, int column, int strip, int width) {
    int seen = column >= count ? 0 : Math.clamp(first + column + PAIR - strip, 0, width);
    seen = KeyBlocks.roundUp(seen, 2);
    long offset = (long) column * Float.BYTES;
    if (seen > 0) {
      for (int half = column; half < column + PAIR; half += LANES) {
        int seenByAll = Math.clamp(first + half + 1 - strip, 0, seen);
        ScoreStrip.mask(
            scores + ((long) seenByAll * BLOCK + half) * Float.BYTES,
            seen - seenByAll,
            strip + seenByAll - first - half);
      }
      GradientStrip.gradients(
          scores + offset,
          dScores + offset,
          seen,
          scale * ScoreStrip.LOG2_E,
          logarithms + offset,
          rowSums + offset,
          p + offset / 2,
          ds + offset / 2,
          dsPairs + offset);
    }
    long row = (long) BLOCK * BF16_BYTES;
    ScoreStrip.clear(p + offset / 2 + seen * row, width - seen, row);
    ScoreStrip.clear(ds + offset / 2 + seen * row, width - seen, row);
    ScoreStrip.clear(dsPairs + offset + seen * row, (width - seen) / 2, 2 * row);
    ScoreStrip.clear(dsPairs + offset + seen * row + 64, (width - seen) / 2, 2 * row);
  }

  /// Scales and writes `count` rows of dQ.
  private void give(Strided to, int count) {
    for (long column = 0; column < BLOCK * Float.BYTES; column += LANES * Float.BYTES) {
      ScoreStrip.round(dq + column, headDim, scales, dqPairs + column);
    }
    if (count == BLOCK) {
      Packing.transpose32(dqPairs, BLOCK, headDim / 2, BLOCK, to.address(), to.stride() / 2);
    } else {
      Packing.transpose32(dqPairs, BLOCK, headDim / 2, BLOCK, restQ, headDim / 2);
      KeyBlocks.copyOut(restQ, count, headDim, to);
    }
  }

  /// All `group` query heads of one key-value head of a document: q, out, dOut, dq are those of the
  /// first head, the others follow D elements to the right each, and their lse `lseStride` floats
  /// on. Writes dq, dk and dv [rows,D]. Hands the keys over itself.
  public void group(
      int rows,
      int group,
      Strided q,
      Strided k,
      Strided v,
      Strided out,
      Strided dOut,
      long lse,
      long lseStride,
      Strided dq,
      Strided dk,
      Strided dv) {
    blocks.put(0, rows, k, v);
    long bytes = partialBytes(rows, headDim);
    for (int head = 0; head < group; head++) {
      head(
          0,
          rows,
          right(q, head),
          right(out, head),
          right(dOut, head),
          lse + head * lseStride * Float.BYTES,
          right(dq, head),
          head == 0 ? groupSum : groupNext);
      if (head > 0) {
        GradientStrip.add(groupNext, bytes / Float.BYTES, groupSum);
      }
    }
    sum(rows, headDim, 1, groupSum, 0, rows, dk, dv);
  }

  private Strided right(Strided first, int head) {
    return new Strided(first.address() + (long) head * headDim * BF16_BYTES, first.stride());
  }

  /// The rows of one head's share of dK, and of dV, of `keys` keys.
  public static int shareRows(int keys) {
    return KeyBlocks.roundUp(keys, BLOCK);
  }

  /// The bytes of one head's share of dK and dV of `keys` keys.
  public static long partialBytes(int keys, int headDim) {
    return 2L * shareRows(keys) * headDim * Float.BYTES;
  }

  /// Adds `shares` shares of dK and dV of `keys` keys, which lie one after another from `partials`,
  /// in order and to the first of them, and writes those of positions `at` to `at + count - 1` to
  /// dk and dv [count,D].
  public static void sum(
      int keys, int headDim, int shares, long partials, int at, int count, Strided dk, Strided dv) {
    long bytes = partialBytes(keys, headDim);
    add(keys, headDim, shares - 1, partials + bytes, at, count, keys, partials);
    long rows = partials + (long) at * headDim * Float.BYTES;
    round(rows, count, headDim, (float) (1 / Math.sqrt(headDim)), dk);
    round(rows + bytes / 2, count, headDim, 1, dv);
  }

  /// Of `shares` shares of `keys` keys, which lie one after another from `partials`, adds positions
  /// `at` to `at + count - 1` in order to the same positions of a share of `toKeys` keys at `to`:
  /// those of a prefix, say, whose keys longer documents have read.
  public static void add(
      int keys, int headDim, int shares, long partials, int at, int count, int toKeys, long to) {
    long bytes = partialBytes(keys, headDim);
    long half = partialBytes(toKeys, headDim) / 2;
    long first = (long) at * headDim * Float.BYTES;
    long floats = (long) count * headDim;
    for (int share = 0; share < shares; share++) {
      long from = partials + share * bytes + first;
      GradientStrip.add(from, floats, to + first);
      GradientStrip.add(from + bytes / 2, floats, to + half + first);
    }
  }

  private static void round(long from, int rows, int headDim, float factor, Strided to) {
    for (long d = 0; d < headDim; d += PAIR) {
      GradientStrip.round(
          from + d * Float.BYTES,
          (long) headDim * Float.BYTES,
          rows,
          factor,
          to.address() + d * BF16_BYTES,
          to.stride() * BF16_BYTES);
    }
  }
}
