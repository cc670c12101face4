package dev.luthier.engine.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import dev.luthier.engine.kernel.ByteRows.Planes;
import java.lang.foreign.ValueLayout;
import java.util.List;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Products of activations in 8 or 16 bits with weights in 8: what is read from memory halves
/// against bf16.
///
/// In 16 bits a row x becomes two rows of unsigned bytes, x = scale (256 high + low - 32768) with
/// scale = max |x| / 32767, so the units multiply 2 rows for each, and only the weights lose
/// precision. In 8 bits it is one, x = scale (high - 128) with scale = max |x| / 127. A row's
/// result does not depend on how many rows share the call.
public final class ByteProduct {
  /// What is added to some rows of a result before they are rounded.
  public sealed interface Addend {}

  /// A low-rank term of one row, in bytes: p [rank] fp32 as [LowRankBytes#shrink] left it, times
  /// the B at an address, for the columns of the result from `firstColumn` on, a multiple of 64. It
  /// names no object, as each would be waited for in every pass.
  public record ByteTerm(int row, int firstColumn, int rank, int blocks, long p, long b)
      implements Addend {
    /// Of a row whose p begins at an address.
    public static ByteTerm of(int row, long p, LowRankBytes.Expansion b, int firstColumn) {
      long own = p + b.at() * (long) Float.BYTES;
      return new ByteTerm(row, firstColumn, b.rank(), b.blocks(), own, b.address());
    }
  }

  /// A low-rank term for rows [firstRow, firstRow + rows) of the result; `a` of the term begins at
  /// the first of these.
  public record RowTerm(int firstRow, int rows, Term term) implements Addend {}

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final VectorSpecies<Short> HALF = ShortVector.SPECIES_256;
  private static final VectorSpecies<Byte> QUARTER = ByteVector.SPECIES_128;
  private static final int LANES = 16;

  /// Bytes of a row of a tile.
  private static final long ROW = Operand.BLOCK * 4L;

  /// Rows of all blocks that share one change of the units' configuration.
  private static final int GROUP = 256;

  /// Room after a plane of a row: the row's scale, and an odd number of cache lines from plane to
  /// plane.
  private static final int SPARE = 64;

  private ByteProduct() {}

  /// Bytes from one quantised row to the next.
  public static long rowBytes(int depth) {
    return 2L * (depth + SPARE);
  }

  /// Bytes that `rows` quantised rows take.
  public static long bytes(int rows, int depth) {
    return rows * rowBytes(depth);
  }

  /// Quantises bf16 rows x [rows,depth] into rows of [#rowBytes] at `quantised`: high bytes, scale,
  /// low bytes if there are two planes.
  public static void quantise(Planes planes, int rows, int depth, Strided x, long quantised) {
    int even = depth / LANES * LANES;
    int greatest = planes == Planes.ONE ? 127 : 32767;
    for (int r = 0; r < rows; r++) {
      long from = x.from(r, 2).address();
      long high = quantised + r * rowBytes(depth);
      float largest = ByteOperand.largest(from, depth);
      float inverse = largest == 0 ? 0 : greatest / largest;
      Memory.ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, high + depth, largest / greatest);
      switch (planes) {
        case ONE -> bytes(from, even, depth, inverse, high);
        case TWO -> split(from, even, depth, inverse, high);
      }
    }
  }

  private static void bytes(long from, int even, int depth, float inverse, long high) {
    for (long c = 0; c < even; c += LANES) {
      var bits = ShortVector.fromMemorySegment(HALF, Memory.ALL, from + c * 2, LITTLE_ENDIAN);
      var value =
          ((IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats();
      var quantised =
          value
              .mul(inverse)
              .add(ByteOperand.ROUNDER)
              .reinterpretAsInts()
              .sub(Float.floatToRawIntBits(ByteOperand.ROUNDER) - 128);
      ((ByteVector) quantised.convertShape(VectorOperators.I2B, QUARTER, 0))
          .intoMemorySegment(Memory.ALL, high + c, LITTLE_ENDIAN);
    }
    for (int c = even; c < depth; c++) {
      int value = (int) Math.rint(ByteOperand.bf16(from, c) * inverse) + 128;
      Memory.ALL.set(ValueLayout.JAVA_BYTE, high + c, (byte) value);
    }
  }

  private static void split(long from, int even, int depth, float inverse, long high) {
    long low = high + depth + SPARE;
    splitLanes(from, even, inverse, high, low);
    for (int c = even; c < depth; c++) {
      int value = (int) Math.rint(ByteOperand.bf16(from, c) * inverse) + 32768;
      Memory.ALL.set(ValueLayout.JAVA_BYTE, high + c, (byte) (value >> 8));
      Memory.ALL.set(ValueLayout.JAVA_BYTE, low + c, (byte) value);
    }
  }

  private static void splitLanes(long from, int columns, float inverse, long high, long low) {
    for (long c = 0; c < columns; c += LANES) {
      var bits = ShortVector.fromMemorySegment(HALF, Memory.ALL, from + c * 2, LITTLE_ENDIAN);
      var value =
          ((IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats();
      var quantised =
          value
              .mul(inverse)
              .add(ByteOperand.ROUNDER)
              .reinterpretAsInts()
              .sub(Float.floatToRawIntBits(ByteOperand.ROUNDER) - 32768);
      ((ByteVector)
              quantised
                  .lanewise(VectorOperators.LSHR, 8)
                  .convertShape(VectorOperators.I2B, QUARTER, 0))
          .intoMemorySegment(Memory.ALL, high + c, LITTLE_ENDIAN);
      ((ByteVector) quantised.convertShape(VectorOperators.I2B, QUARTER, 0))
          .intoMemorySegment(Memory.ALL, low + c, LITTLE_ENDIAN);
    }
  }

  /// Columns [first, first + columns) of those rows of Y [*,n] bf16 = X W^T + terms + residual, for
  /// X as [#quantise] left it. `first` is a multiple of 64: threads share out the columns. Y, the
  /// residual and what terms say of rows are whole; the residual may be none, or Y itself.
  public static void toBf16(
      Workspace space,
      ByteRows rows,
      ByteOperand w,
      int first,
      int columns,
      List<? extends Addend> terms,
      Strided residual,
      Strided y) {
    check(w, first, columns);
    int tileRows = rows.planes().tileRows;
    int group = GROUP / Math.clamp(rows.count(), 1, tileRows) * Operand.BLOCK;
    for (int at = first; at < first + columns; at += group) {
      int end = Math.min(first + columns, at + group);
      for (int row = rows.first(); row < rows.end(); row += tileRows) {
        int count = Math.min(tileRows, rows.end() - row);
        termTiles(space, at, end, row, count, terms);
        for (int column = at; column < end; column += Operand.BLOCK) {
          int wide = Math.min(Operand.BLOCK, end - column);
          long to = y.from(row, 2).address() + column * 2L;
          if (terms.isEmpty() && rows.planes() == Planes.ONE && wide == Operand.BLOCK) {
            round(space, rows, row, count, w, column, residual, new Strided(to, y.stride()));
            continue;
          }
          long term = terms.isEmpty() ? 0 : termTile(space, column - at, count);
          long tile = tile(space, rows, row, count, w, column / Operand.BLOCK, term);
          if (residual.isNone()) {
            Tile.round(tile, count, wide, 1, to, y.stride());
          } else {
            long with = residual.from(row, 2).address() + column * 2L;
            Tile.roundWith(tile, count, wide, 1, with, residual.stride(), to, y.stride());
          }
        }
      }
    }
  }

  /// As [#toBf16], without residual, in fp32.
  public static void toFp32(
      Workspace space,
      ByteRows rows,
      ByteOperand w,
      int first,
      int columns,
      List<? extends Addend> terms,
      Strided y) {
    check(w, first, columns);
    int tileRows = rows.planes().tileRows;
    int group = GROUP / Math.clamp(rows.count(), 1, tileRows) * Operand.BLOCK;
    for (int at = first; at < first + columns; at += group) {
      int end = Math.min(first + columns, at + group);
      for (int row = rows.first(); row < rows.end(); row += tileRows) {
        int count = Math.min(tileRows, rows.end() - row);
        termTiles(space, at, end, row, count, terms);
        for (int column = at; column < end; column += Operand.BLOCK) {
          int wide = Math.min(Operand.BLOCK, end - column);
          long term = terms.isEmpty() ? 0 : termTile(space, column - at, count);
          long tile = tile(space, rows, row, count, w, column / Operand.BLOCK, term);
          long to = y.from(row, 4).address() + column * 4L;
          Tile.put(tile, count, wide, false, to, y.stride());
        }
      }
    }
  }

  private static void check(ByteOperand w, int first, int columns) {
    if (first < 0 || first % Operand.BLOCK != 0 || columns < 0 || first + columns > w.width()) {
      throw new IllegalArgumentException(
          "columns %d + %d of an operand of %d, in blocks of %d"
              .formatted(first, columns, w.width(), Operand.BLOCK));
    }
  }

  private static long termTile(Workspace space, int offset, int count) {
    return space.pairs + (long) offset * count * 4;
  }

  /// The terms of rows [row, row + count) and columns [first, end): a tile [count][64] a block.
  private static void termTiles(
      Workspace space, int first, int end, int row, int count, List<? extends Addend> terms) {
    if (terms.isEmpty()) {
      return;
    }
    int blocks = (end - first + Operand.BLOCK - 1) / Operand.BLOCK;
    Memory.segment(space.pairs, (long) blocks * Operand.BLOCK * count * 4).fill((byte) 0);
    for (Addend part : terms) {
      switch (part) {
        case RowTerm term -> addRows(space, first, blocks, row, count, term);
        case ByteTerm term -> addRow(space, first, blocks, row, count, term);
      }
    }
  }

  private static void addRow(
      Workspace space, int first, int blocks, int row, int count, ByteTerm term) {
    int at = term.row() - row;
    if (at < 0 || at >= count) {
      return;
    }
    int begin = (term.firstColumn() - first) / Operand.BLOCK;
    int from = Math.max(0, begin);
    int end = Math.min(blocks, begin + term.blocks());
    long bytes = (long) term.rank() * Operand.BLOCK;
    for (int block = from; block < end; block++) {
      long to = termTile(space, block * Operand.BLOCK, count) + at * (long) Operand.BLOCK * 4;
      LowRankBytes.expand(term.p(), term.b() + (block - begin) * bytes, term.rank(), to);
    }
  }

  private static void addRows(
      Workspace space, int first, int blocks, int row, int count, RowTerm part) {
    int from = Math.max(row, part.firstRow());
    int height = Math.min(row + count, part.firstRow() + part.rows()) - from;
    var b = part.term().b();
    var a = part.term().a().from(from - (long) part.firstRow(), 2);
    for (int block = 0; height > 0 && block < blocks; block++) {
      int own = (first - part.term().firstColumn()) / Operand.BLOCK + block;
      if (first + block * Operand.BLOCK < part.term().firstColumn() || own >= b.blocks()) {
        continue;
      }
      int width = b.blockWidth(own);
      long to =
          termTile(space, block * Operand.BLOCK, count) + (from - row) * (long) Operand.BLOCK * 4;
      Brgemm.bf16(
          height,
          width,
          b.depth(),
          a.stride(),
          width,
          Operand.BLOCK,
          true,
          a.address(),
          b.block(own),
          to);
    }
  }

  /// Rows [row, row + count) of one block, of one plane and without terms, on the shortest way. The
  /// results are those of the longer one.
  private static void round(
      Workspace space,
      ByteRows rows,
      int row,
      int count,
      ByteOperand w,
      int column,
      Strided residual,
      Strided y) {
    int block = column / Operand.BLOCK;
    long scales = sums(space, rows, row, w, block) + w.depth();
    int again = height(rows) - count;
    long bytes = rowBytes(w.depth());
    boolean alone = residual.isNone();
    ByteTile.round(
        space.tile + again * ROW,
        count,
        w.sums(block),
        w.scales(block),
        scales + again * bytes,
        bytes,
        alone ? space.zeros : residual.from(row, 2).address() + column * 2L,
        alone ? 0 : residual.stride(),
        y.address(),
        y.stride());
  }

  private static int height(ByteRows rows) {
    return Math.min(rows.planes().tileRows, rows.count());
  }

  /// Leaves the int32 sums of a tile that holds `row` in the workspace; gives the address of its
  /// first quantised row. The last tile begins early, as that of [Product] does.
  private static long sums(Workspace space, ByteRows rows, int row, ByteOperand w, int block) {
    int height = height(rows);
    int depth = w.depth();
    long bytes = rowBytes(depth);
    long a = rows.address() + Math.min(row, rows.end() - height) * bytes;
    boolean two = rows.planes() == Planes.TWO;
    Brgemm.u8s8(
        two ? 2L * height : height,
        Operand.BLOCK,
        depth,
        two ? bytes / 2 : bytes,
        Operand.BLOCK,
        Operand.BLOCK,
        false,
        a,
        w.block(block),
        space.tile);
    return a;
  }

  /// Rows [row, row + count) of one block in fp32, [count][64].
  private static long tile(
      Workspace space, ByteRows rows, int row, int count, ByteOperand w, int block, long term) {
    int depth = w.depth();
    long bytes = rowBytes(depth);
    boolean two = rows.planes() == Planes.TWO;
    long a = sums(space, rows, row, w, block);
    int again = height(rows) - count;
    for (long r = 0; r < count; r++) {
      float scale =
          Memory.ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, a + (again + r) * bytes + depth);
      long to = space.tile + r * ROW;
      long with = term == 0 ? space.zeros : term + r * ROW;
      if (two) {
        long sums = space.tile + (again + r) * 2 * ROW;
        ByteTile.combineTwo(sums, w.sums(block), w.scales(block), scale, with, to);
      } else {
        long sums = space.tile + (again + r) * ROW;
        ByteTile.combineOne(sums, w.sums(block), w.scales(block), scale, with, to);
      }
    }
    return space.tile;
  }
}
