package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.KeyBlocks.BLOCK;
import static dev.luthier.engine.kernel.KeyBlocks.STRIP;
import static dev.luthier.engine.kernel.ScoreStrip.LANES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Causal softmax attention of one head at a time, on bf16 rows, with the temporaries it needs: one
/// per thread.
///
/// First the keys and values are handed over with [#keys], in one range or several (a shared prefix
/// and a document's own rows, say), then any number of query heads that share them (grouped-query
/// attention) with [#forward]. What a row gives depends on nothing but its query and the keys it
/// sees: a document in pieces gives the bits of the whole.
///
/// Blocks of 64 queries meet strips of up to 256 keys, as S^T = K Q^T, so that a lane is a query
/// and O^T = V^T P^T takes the probabilities as they come. Only past 256 keys is there a second
/// maximum, and what is summed so far rescaled (Milakov and Gimelshein 2018).
public final class Attention {
  private static final int BF16_BYTES = 2;
  private static final int COLUMN = LANES * Float.BYTES;

  private final int headDim;
  private final float scale;
  private final KeyBlocks blocks;

  /// Q^T [D,64] in pairs.
  private final long queries;

  /// S^T [STRIP,64].
  private final long scores;

  /// P^T [STRIP,64] in pairs.
  private final long probabilities;

  /// O^T [D,64], fp32, then in pairs.
  private final long sums;

  private final long sumPairs;

  /// The rows of a block that is not full.
  private final long rest;

  /// For each of 64 queries: the maximum, the one before, the sum, a factor, and the result.
  private final long max;

  private final long before;
  private final long sum;
  private final long factor;
  private final long logarithms;

  /// For up to `maxKeys` keys of `headDim` elements, a multiple of 32 up to 256.
  public Attention(Memory memory, int headDim, int maxKeys) {
    this.headDim = headDim;
    scale = (float) (1 / Math.sqrt(headDim));
    blocks = new KeyBlocks(memory, headDim, maxKeys, false);
    long block = (long) BLOCK * headDim;
    queries = memory.allocate(block * BF16_BYTES);
    scores = memory.allocate((long) STRIP * BLOCK * Float.BYTES);
    probabilities = memory.allocate((long) STRIP * BLOCK * BF16_BYTES);
    sums = memory.allocate(block * Float.BYTES);
    sumPairs = memory.allocate(block * BF16_BYTES);
    rest = memory.allocate(block * BF16_BYTES);
    max = memory.allocate(BLOCK * Float.BYTES);
    before = memory.allocate(BLOCK * Float.BYTES);
    sum = memory.allocate(BLOCK * Float.BYTES);
    factor = memory.allocate(BLOCK * Float.BYTES);
    logarithms = memory.allocate(BLOCK * Float.BYTES);
  }

  /// Takes the keys and values of positions `at` to `at + count - 1`: k and v are [count,D]. Ranges
  /// come in order, the first at 0; later ones may replace the end of what is there.
  public void keys(int at, int count, Strided k, Strided v) {
    blocks.put(at, count, k, v);
  }

  /// One query head: q [rows,D] at positions `start` to `start + rows - 1`, where the last is that
  /// of the last key. Row r gives out[r] = sum_t p[t] v[t] over t <= start + r, with p = softmax(q
  /// k^T / sqrt(D)), and, unless `lse` is 0, the natural logarithm of its softmax's sum to the fp32
  /// vector there [rows].
  public void forward(int start, int rows, Strided q, Strided out, long lse) {
    if (start + rows != blocks.count()) {
      throw new IllegalArgumentException(
          "queries %d to %d for %d keys".formatted(start, start + rows, blocks.count()));
    }
    for (int row = 0; row < rows; row += BLOCK) {
      int count = Math.min(BLOCK, rows - row);
      take(q.from(row, BF16_BYTES), count);
      for (int strip = 0; strip < start + row + count; strip += STRIP) {
        strip(start + row, count, strip);
      }
      give(count, out.from(row, BF16_BYTES), lse == 0 ? 0 : lse + (long) row * Float.BYTES);
    }
  }

  /// Packs up to 64 queries.
  private void take(Strided q, int count) {
    if (count == BLOCK) {
      Packing.transpose32(q.address(), q.stride() / 2, BLOCK, headDim / 2, queries, BLOCK);
    } else {
      KeyBlocks.copy(q, count, headDim, rest);
      KeyBlocks.zero(
          rest + (long) count * headDim * BF16_BYTES,
          (BLOCK - count) * (long) headDim * BF16_BYTES);
      Packing.transpose32(rest, headDim / 2, BLOCK, headDim / 2, queries, BLOCK);
    }
    ScoreStrip.fill(max, Float.NEGATIVE_INFINITY, BLOCK);
    KeyBlocks.zero(sum, BLOCK * Float.BYTES);
  }

  /// The queries at positions `first` on meet the keys from `strip` on.
  private void strip(int first, int count, int strip) {
    int width = Math.min(STRIP, KeyBlocks.roundUp(first + count, BLOCK) - strip);
    Brgemm.bf16(
        width, BLOCK, headDim, headDim, BLOCK, BLOCK, false, blocks.keys(strip), queries, scores);
    for (int column = 0; column < BLOCK; column += LANES) {
      int seenByAll = Math.clamp(first + column + 1 - strip, 0, width);
      int seen = column >= count ? 0 : Math.clamp(first + column + LANES - strip, 0, width);
      seen = KeyBlocks.roundUp(seen, 4);
      column(column, seenByAll, seen, width, strip + seenByAll - first - column, strip > 0);
    }
    Brgemm.bf16(
        headDim,
        BLOCK,
        width,
        STRIP,
        BLOCK,
        BLOCK,
        strip > 0,
        blocks.transposed(strip),
        probabilities,
        sums);
  }

  /// 16 queries: all see the first `seenByAll` keys, the lanes from `lane` on one more, and so on
  /// up to `seen`.
  private void column(int column, int seenByAll, int seen, int width, int lane, boolean continued) {
    long offset = (long) column * Float.BYTES;
    long s = scores + offset;
    if (seen > 0) {
      ScoreStrip.mask(s + (long) seenByAll * BLOCK * Float.BYTES, seen - seenByAll, lane);
      MemorySegment.copy(Memory.ALL, max + offset, Memory.ALL, before + offset, COLUMN);
      ScoreStrip.max(s, seen, max + offset);
      if (continued
          && ScoreStrip.shrink(
              before + offset, max + offset, scale * ScoreStrip.LOG2_E, factor + offset)) {
        ScoreStrip.scale(sums + offset, headDim, factor + offset);
        ScoreStrip.scale(sum + offset, 1, factor + offset);
      }
      ScoreStrip.exponentials(
          s, seen, scale * ScoreStrip.LOG2_E, max + offset, sum + offset, probabilities + offset);
    }
    ScoreStrip.clear(
        probabilities + offset + (long) seen / 2 * BLOCK * Integer.BYTES,
        (width - seen) / 2,
        (long) BLOCK * Integer.BYTES);
  }

  /// Divides by the sums and writes `count` rows.
  private void give(int count, Strided out, long lse) {
    for (int column = 0; column < BLOCK; column += LANES) {
      long offset = (long) column * Float.BYTES;
      ScoreStrip.finish(max + offset, sum + offset, scale, factor + offset, logarithms + offset);
      ScoreStrip.round(sums + offset, headDim, factor + offset, sumPairs + offset);
    }
    if (count == BLOCK) {
      Packing.transpose32(sumPairs, BLOCK, headDim / 2, BLOCK, out.address(), out.stride() / 2);
    } else {
      Packing.transpose32(sumPairs, BLOCK, headDim / 2, BLOCK, rest, headDim / 2);
      KeyBlocks.copyOut(rest, count, headDim, out);
    }
    if (lse != 0) {
      MemorySegment.copy(Memory.ALL, logarithms, Memory.ALL, lse, (long) count * Float.BYTES);
    }
  }

  /// One new token of one key-value head: the queries of its `group` (at most 16) heads [group,D]
  /// see keys 0 to `count - 1`, which lie in k and v [count,D] where they are (nothing handed over
  /// by [#keys] is used or lost). out is [group,D].
  public void token(int count, int group, Strided q, Strided k, Strided v, Strided out) {
    if (group > LANES) {
      throw new IllegalArgumentException("%d heads of a group, at most 16".formatted(group));
    }
    KeyBlocks.zero(queries, (long) headDim / 2 * LANES * Integer.BYTES);
    Packing.transpose32(q.address(), q.stride() / 2, group, headDim / 2, queries, LANES);
    ScoreStrip.fill(max, Float.NEGATIVE_INFINITY, LANES);
    KeyBlocks.zero(sum, COLUMN);
    KeyBlocks.zero(sums, (long) group * headDim * Float.BYTES);
    for (int strip = 0; strip < count; strip += STRIP) {
      int width = Math.min(STRIP, count - strip);
      tokenScores(k.from(strip, BF16_BYTES), width);
      tokenProbabilities(width, group, strip > 0);
      tokenSums(v.from(strip, BF16_BYTES), width, group);
    }
    for (int head = 0; head < group; head++) {
      float total = Memory.ALL.get(ValueLayout.JAVA_FLOAT, sum + head * 4L);
      long from = sums + (long) head * headDim * Float.BYTES;
      for (long d = 0; d < headDim; d += 2 * LANES) {
        long to = out.from(head, BF16_BYTES).address() + d * BF16_BYTES;
        GradientStrip.round(from + d * Float.BYTES, 0, 1, 1 / total, to, 0);
      }
    }
  }

  /// S^T [width,16]; keys of a last block that is not full are copied, to read no further.
  private void tokenScores(Strided k, int width) {
    int whole = width / BLOCK * BLOCK;
    if (whole > 0) {
      tokenProduct(whole, k.stride(), k.address(), scores);
    }
    if (whole < width) {
      KeyBlocks.copy(k.from(whole, BF16_BYTES), width - whole, headDim, rest);
      tokenProduct(BLOCK, headDim, rest, scores + (long) whole * COLUMN);
    }
  }

  private void tokenProduct(int rows, long stride, long keys, long to) {
    Brgemm.bf16(rows, LANES, headDim, stride, LANES, LANES, false, keys, queries, to);
  }

  private void tokenProbabilities(int width, int group, boolean continued) {
    MemorySegment.copy(Memory.ALL, max, Memory.ALL, before, COLUMN);
    int fours = KeyBlocks.roundUp(width, 4);
    ScoreStrip.fill(scores + (long) width * COLUMN, ScoreStrip.MASKED, (fours - width) * LANES);
    TokenStrip.max(scores, fours, max);
    if (continued && ScoreStrip.shrink(before, max, scale * ScoreStrip.LOG2_E, factor)) {
      ScoreStrip.scale(sum, 1, factor);
      for (int head = 0; head < group; head++) {
        float shrunk = Memory.ALL.get(ValueLayout.JAVA_FLOAT, factor + head * 4L);
        long place = sums + (long) head * headDim * Float.BYTES;
        GradientStrip.scaled(place, shrunk, headDim, place);
      }
    }
    TokenStrip.exponentials(scores, width, scale * ScoreStrip.LOG2_E, max, sum);
  }

  private void tokenSums(Strided v, int width, int group) {
    for (int head = 0; head < group; head++) {
      for (int d = 0; d < headDim; d += 2 * LANES) {
        TokenStrip.add(
            v.address() + (long) d * BF16_BYTES,
            v.stride() * BF16_BYTES,
            width,
            scores + (long) head * Float.BYTES,
            sums + ((long) head * headDim + d) * Float.BYTES);
      }
    }
  }
}
