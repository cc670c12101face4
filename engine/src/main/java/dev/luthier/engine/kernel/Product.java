package dev.luthier.engine.kernel;

import java.util.List;

/// Products of bf16 rows with packed operands, on the calling thread.
///
/// Sums are fp32, over the depth in order, term after term. A row's result does not depend on how
/// many rows share the call, so neither on how rows are divided among threads.
///
/// A block of 64 columns of the operand stays in the core's cache while the rows pass by in tiles
/// of 64; what becomes of the sums (scale, residual, rounding) happens before they leave it. Every
/// tile has 64 rows: the last one begins early and computes some rows again, because another height
/// would be another kernel, to be generated, and configured (0.5 us) for each block. Up to 128 rows
/// of one term are one tile of their own height.
///
/// For the same reason a low-rank part is cheapest in the same term: rows [X|P] of in + r elements
/// with an operand of depth in + r, W^T above B^T. A second term costs two configurations for each
/// block and 256 rows, a quarter of the time at a depth of 576. Rows want a stride as
/// [Strided#spread] gives it.
public final class Product {
  private static final int TILE = 64;

  /// Rows whose sums of 64 columns still fit the first-level cache.
  private static final int TILE_MAX = 128;

  /// Tiles that wait for a second term.
  private static final int TILES = 4;

  private Product() {}

  /// Y [rows,n] bf16 = the sum of the terms; the first has all columns.
  public static void toBf16(Workspace space, int rows, Strided y, Term... terms) {
    toBf16(space, rows, 1, Strided.NONE, y, terms);
  }

  /// Y [rows,n] bf16 = scale (sum of terms) + residual, rounded once to nearest even. The residual
  /// is bf16 [rows,n], none, or Y itself. Y may not overlap the rows of a term, but may lie between
  /// them.
  public static void toBf16(
      Workspace space, int rows, float scale, Strided residual, Strided y, Term... terms) {
    int width = check(terms);
    int height = height(rows, terms.length);
    int step = terms.length == 1 ? height : height * TILES;
    for (int block = 0; block * Operand.BLOCK < width; block++) {
      int first = block * Operand.BLOCK;
      int columns = Math.min(Operand.BLOCK, width - first);
      for (int row = 0; row < rows; row += step) {
        int end = Math.min(rows, row + step);
        sums(space.tile, height, block, row, end, rows, terms);
        for (int at = row; at < end; at += height) {
          int count = Math.min(height, rows - at);
          long tile = finished(space.tile, height, at - row, count);
          long to = y.address() + (at * y.stride() + first) * 2;
          if (residual.isNone()) {
            Tile.round(tile, count, columns, scale, to, y.stride());
          } else {
            long with = residual.address() + (at * residual.stride() + first) * 2;
            Tile.roundWith(tile, count, columns, scale, with, residual.stride(), to, y.stride());
          }
        }
      }
    }
  }

  /// A linear layer with its low-rank part, of at most 64 columns: what [#adapted] computes.
  public record Adapted(Strided y, Term base, Term low) {}

  /// Of at most 128 rows and [Workspace#LOWS] layers each Y [rows,n] bf16 = bf16(base) + low: sums
  /// of the frozen weights are rounded before those of the low-rank part are added, as by PEFT in
  /// bf16.
  ///
  /// Y is written once, with both sums at hand. The low-rank parts come first, as the units are set
  /// up anew between products of different depths (0.6 us).
  public static void adapted(Workspace space, int rows, List<Adapted> layers) {
    if (rows > TILE_MAX || layers.size() > Workspace.LOWS) {
      throw new IllegalArgumentException(
          "%d rows of %d layers; at most %d of %d"
              .formatted(rows, layers.size(), TILE_MAX, Workspace.LOWS));
    }
    for (int i = 0; i < layers.size(); i++) {
      multiply(rows, layers.get(i).low(), space.lows(i));
    }
    for (int i = 0; i < layers.size(); i++) {
      var layer = layers.get(i);
      int columns = layer.base().b().width();
      multiply(rows, layer.base(), space.tile);
      long to = layer.y().address();
      Tile.roundAdapted(space.tile, space.lows(i), rows, columns, to, layer.y().stride());
    }
  }

  /// The sums of a term of at most 64 columns, fp32 [rows,64] for at most 128 rows, in the
  /// workspace until its next product.
  public static long tile(Workspace space, int rows, Term term) {
    if (rows > TILE_MAX) {
      throw new IllegalArgumentException(rows + " rows; a tile has at most " + TILE_MAX);
    }
    multiply(rows, term, space.tile);
    return space.tile;
  }

  private static void multiply(int rows, Term term, long to) {
    var b = term.b();
    if (b.blocks() != 1) {
      throw new IllegalArgumentException(b.width() + " columns are more than a tile has");
    }
    long stride = term.a().stride();
    Brgemm.bf16(
        rows,
        b.blockWidth(0),
        b.depth(),
        stride,
        b.blockWidth(0),
        Operand.BLOCK,
        false,
        term.a().address(),
        b.block(0),
        to);
  }

  /// Y [rows,n] fp32 = (add ? Y : 0) + the sum of the terms.
  public static void toFp32(Workspace space, int rows, boolean add, Strided y, Term... terms) {
    int width = check(terms);
    int height = height(rows, terms.length);
    int step = terms.length == 1 ? height : height * TILES;
    for (int block = 0; block * Operand.BLOCK < width; block++) {
      int first = block * Operand.BLOCK;
      int columns = Math.min(Operand.BLOCK, width - first);
      for (int row = 0; row < rows; row += step) {
        int end = Math.min(rows, row + step);
        sums(space.tile, height, block, row, end, rows, terms);
        for (int at = row; at < end; at += height) {
          int count = Math.min(height, rows - at);
          long tile = finished(space.tile, height, at - row, count);
          long to = y.address() + (at * y.stride() + first) * 4;
          Tile.put(tile, count, columns, add, to, y.stride());
        }
      }
    }
  }

  /// Rows of a tile: all, where they are few and need one product each.
  private static int height(int rows, int terms) {
    return Math.min(rows, terms == 1 && rows <= TILE_MAX ? TILE_MAX : TILE);
  }

  private static int check(Term... terms) {
    int width = terms[0].b().width();
    for (var term : terms) {
      int end = term.firstColumn() + term.b().width();
      if (end > width || (end % Operand.BLOCK != 0 && end != width)) {
        throw new IllegalArgumentException(
            "columns %d + %d of a term do not fit a result of %d columns"
                .formatted(term.firstColumn(), term.b().width(), width));
      }
    }
    if (terms[0].firstColumn() != 0) {
      throw new IllegalArgumentException("the first term begins at " + terms[0].firstColumn());
    }
    return width;
  }

  /// Tiles of rows [row, end) of one block of columns, one after another.
  private static void sums(
      long tiles, int height, int block, int row, int end, int rows, Term... terms) {
    boolean add = false;
    for (var term : terms) {
      var b = term.b();
      int own = block - term.firstColumn() / Operand.BLOCK;
      if (own < 0 || own >= b.blocks()) {
        continue;
      }
      int width = b.blockWidth(own);
      long operand = b.block(own);
      long stride = term.a().stride();
      for (int at = row; at < end; at += height) {
        long from = term.a().address() + Math.min(at, rows - height) * stride * 2;
        long to = tiles + (long) (at - row) * Operand.BLOCK * 4;
        Brgemm.bf16(height, width, b.depth(), stride, width, Operand.BLOCK, add, from, operand, to);
      }
      add = true;
    }
  }

  /// Where the `count` rows that are new begin in the tile at `offset`.
  private static long finished(long tiles, int height, int offset, int count) {
    int again = height - count;
    return tiles + (long) (offset + again) * Operand.BLOCK * 4;
  }
}
