package dev.luthier.engine.kernel;

import java.util.List;

/// Gradients of weights: sums over all rows of a pack, in order, for one block of columns; so they
/// do not depend on who computes which block.
///
/// With Y = X W^T + P B^T, P = s X A^T and Q = s dY B: dA = Q^T X, dB = dY^T P, dW = dY^T X. The
/// factor on the left is transposed once for all blocks ([#packLeft]), the right one is read as it
/// is. The rows of the pack are summed in [#chunks] of equal depth, each a multiple of 32, at most
/// 256: a depth of its own for every pack would be a kernel of its own.
public final class WeightGradient {
  private static final int CHUNK = 256;
  private static final int GRAIN = 32;

  /// One of the sums that share the right-hand rows: gradient [count, columns] fp32 += left^T
  /// right, where left^T are rows [first, first + count) of a `left` that was packed with `width`
  /// rows. `gradient` is the whole matrix, of which a block of columns is written.
  public record Part(long left, int width, int first, int count, Strided gradient) {}

  private WeightGradient() {}

  private static int chunks(int n) {
    return (n + CHUNK - 1) / CHUNK;
  }

  private static int depth(int n) {
    int chunks = chunks(n);
    return roundUp((n + chunks - 1) / chunks, GRAIN);
  }

  /// Bytes of a packed left factor of n rows and `width` columns.
  public static long leftBytes(int n, int width) {
    return 2L * chunks(n) * width * CHUNK;
  }

  /// Transposes the left factor, bf16 `left` [n,width]: `to` becomes [chunks][width][256], where
  /// the rows of a chunk that there are none of are zeros.
  public static void packLeft(int n, Strided left, int width, long to) {
    int depth = depth(n);
    for (int chunk = 0; chunk < chunks(n); chunk++) {
      int count = Math.min(depth, n - chunk * depth);
      long place = to + (long) chunk * width * CHUNK * 2;
      var from = left.from((long) chunk * depth, 2);
      Packing.transpose16(from.address(), from.stride(), Math.max(count, 0), width, place, CHUNK);
      int padded = roundUp(Math.max(count, 0), GRAIN);
      for (int row = 0; padded < depth && row < width; row++) {
        Memory.segment(place + ((long) row * CHUNK + padded) * 2, (depth - padded) * 2L)
            .fill((byte) 0);
      }
    }
  }

  /// Rows that [#packLeftGroup] takes: a group never lies in two chunks.
  public static final int GROUP = 32;

  /// As [#packLeft], but only rows [row, row + 32), `row` a multiple of 32 below n. Groups may be
  /// packed at the same time.
  public static void packLeftGroup(int n, int row, Strided left, int width, long to) {
    int depth = depth(n);
    int chunk = row / depth;
    long place = to + ((long) chunk * width * CHUNK + row - (long) chunk * depth) * 2;
    var from = left.from(row, 2);
    int count = Math.min(GROUP, n - row);
    Packing.transpose16(from.address(), from.stride(), count, width, place, CHUNK);
    int end = chunks(n) * depth;
    if (row + GROUP >= n && row + GROUP < end) { // The last group clears what is left of its chunk.
      for (int at = 0; at < width; at++) {
        Memory.segment(place + ((long) at * CHUNK + GROUP) * 2, (end - row - GROUP) * 2L)
            .fill((byte) 0);
      }
    }
  }

  /// Adds columns [first, first + columns), at most 64, of each part's gradient, from those columns
  /// of `right` bf16 [n, *]: dA [r,in] from Q and X, dW [out,in] from dY and X.
  public static void addRows(
      Workspace space, int n, Strided right, int first, int columns, List<Part> parts) {
    int depth = depth(n);
    int width = roundUp(columns, 16);
    for (int chunk = 0; chunk < chunks(n); chunk++) {
      pack(space.pairs, n, chunk, right, first, columns, width);
      for (var part : parts) {
        for (int at = 0; at < part.count(); at += Operand.BLOCK) {
          int rows = Math.min(Operand.BLOCK, part.count() - at);
          long left = left(part, chunk, at);
          var gradient = part.gradient();
          long to = gradient.address() + (at * gradient.stride() + first) * 4;
          if (columns == width) {
            Brgemm.bf16(
                rows, width, depth, CHUNK, width, gradient.stride(), true, left, space.pairs, to);
          } else {
            Brgemm.bf16(
                rows,
                width,
                depth,
                CHUNK,
                width,
                Operand.BLOCK,
                false,
                left,
                space.pairs,
                space.tile);
            Tile.put(space.tile, rows, columns, true, to, gradient.stride());
          }
        }
      }
    }
  }

  /// Adds rows [first, first + columns), at most 64, of a gradient that lies the other way round:
  /// dB [out,r] from P and those columns of dY [n,out]; r at most 256.
  public static void addColumns(
      Workspace space, int n, Strided right, int first, int columns, Part part) {
    int depth = depth(n);
    int width = roundUp(columns, 16);
    int rows = part.count();
    for (int chunk = 0; chunk < chunks(n); chunk++) {
      pack(space.pairs, n, chunk, right, first, columns, width);
      long left = left(part, chunk, 0);
      boolean adds = chunk > 0;
      Brgemm.bf16(
          rows, width, depth, CHUNK, width, Operand.BLOCK, adds, left, space.pairs, space.tile);
    }
    // The tile [r][columns] becomes [columns][r], 64 columns at a time, on its way into the
    // gradient.
    var gradient = part.gradient();
    for (int at = 0; at < rows; at += Operand.BLOCK) {
      int count = Math.min(Operand.BLOCK, rows - at);
      long from = space.tile + (long) at * Operand.BLOCK * 4;
      Packing.transpose32(from, Operand.BLOCK, count, columns, space.pairs, Operand.BLOCK);
      long to = gradient.address() + (first * gradient.stride() + at) * 4;
      Tile.put(space.pairs, columns, count, true, to, gradient.stride());
    }
  }

  /// Packs columns [first, first + columns), at most 64, of the right factor for [#addMatrix],
  /// whole: [chunks][128][64][2], as many bytes as a left factor of 64 columns takes.
  public static void packRight(int n, Strided right, int first, int columns, long to) {
    for (int chunk = 0; chunk < chunks(n); chunk++) {
      pack(rightChunk(to, chunk), n, chunk, right, first, columns, roundUp(columns, 16));
    }
  }

  private static long rightChunk(long right, int chunk) {
    return right + (long) chunk * CHUNK * Operand.BLOCK * 2;
  }

  /// As [#addRows] for one part, whose gradient is far larger than any cache: tiles of 64 x 64 are
  /// summed over all rows before they are added. `right` is what [#packRight] made.
  public static void addMatrix(
      Workspace space, int n, long right, int first, int columns, Part part) {
    int depth = depth(n);
    int width = roundUp(columns, 16);
    var gradient = part.gradient();
    for (int at = 0; at < part.count(); at += Operand.BLOCK) {
      int rows = Math.min(Operand.BLOCK, part.count() - at);
      for (int chunk = 0; chunk < chunks(n); chunk++) {
        long left = left(part, chunk, at);
        long b = rightChunk(right, chunk);
        boolean adds = chunk > 0;
        Brgemm.bf16(rows, width, depth, CHUNK, width, Operand.BLOCK, adds, left, b, space.tile);
      }
      long to = gradient.address() + (at * gradient.stride() + first) * 4;
      Tile.put(space.tile, rows, columns, true, to, gradient.stride());
    }
  }

  private static long left(Part part, int chunk, int row) {
    return part.left() + ((long) chunk * part.width() + part.first() + row) * CHUNK * 2;
  }

  /// Row pairs of one chunk and block; rows that there are none of are zeros.
  private static void pack(
      long to, int n, int chunk, Strided right, int first, int columns, int width) {
    int depth = depth(n);
    int count = Math.clamp(n - (long) chunk * depth, 0, depth);
    var from = right.from((long) chunk * depth, 2);
    Packing.interleave(from.address() + first * 2L, right.stride(), count, columns, to, width);
    int used = (count + 1) / 2;
    Memory.segment(to + (long) used * width * 4, (depth / 2L - used) * width * 4).fill((byte) 0);
  }

  private static int roundUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }
}
