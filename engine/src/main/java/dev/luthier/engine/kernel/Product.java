package dev.luthier.engine.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Products of bf16 rows with packed operands, on the calling thread.
///
/// Sums are fp32, over the depth in order, term after term. A row's result does not depend on how
/// many rows share the call, so neither on how rows are divided among threads.
///
/// A block of 64 columns of the operand stays in the core's cache while the rows pass by, at most
/// [Workspace#ROWS] at a time; what becomes of the sums (a low-rank term, scale, residual,
/// rounding) happens before they leave it.
public final class Product {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final VectorSpecies<Short> HALF = ShortVector.SPECIES_256;
  private static final int LANES = 16;

  private Product() {}

  /// Y [rows,n] bf16 = the sum of the terms; the first has all columns.
  public static void toBf16(Workspace space, int rows, Strided y, Term... terms) {
    toBf16(space, rows, 1, Strided.NONE, y, terms);
  }

  /// Y [rows,n] bf16 = scale (sum of terms) + residual, rounded once to nearest even. The residual
  /// is bf16 [rows,n], none, or Y itself.
  public static void toBf16(
      Workspace space, int rows, float scale, Strided residual, Strided y, Term... terms) {
    int width = check(terms);
    for (int block = 0; block * Operand.BLOCK < width; block++) {
      int first = block * Operand.BLOCK;
      int columns = Math.min(Operand.BLOCK, width - first);
      for (int row = 0; row < rows; row += Workspace.ROWS) {
        int count = Math.min(Workspace.ROWS, rows - row);
        sum(space.tile, Operand.BLOCK, false, block, row, count, terms);
        long to = y.address() + (row * y.stride() + first) * 2;
        if (residual.isNone()) {
          round(space.tile, count, columns, scale, to, y.stride());
        } else {
          long with = residual.address() + (row * residual.stride() + first) * 2;
          roundWith(space.tile, count, columns, scale, with, residual.stride(), to, y.stride());
        }
      }
    }
  }

  /// Y [rows,n] fp32 = (add ? Y : 0) + the sum of the terms.
  public static void toFp32(Workspace space, int rows, boolean add, Strided y, Term... terms) {
    int width = check(terms);
    for (int block = 0; block * Operand.BLOCK < width; block++) {
      int first = block * Operand.BLOCK;
      int columns = Math.min(Operand.BLOCK, width - first);
      boolean whole = columns == terms[0].b().blockWidth(block);
      for (int row = 0; row < rows; row += Workspace.ROWS) {
        int count = Math.min(Workspace.ROWS, rows - row);
        long to = y.address() + (row * y.stride() + first) * 4;
        if (whole) {
          sum(to, y.stride(), add, block, row, count, terms);
        } else {
          sum(space.tile, Operand.BLOCK, false, block, row, count, terms);
          put(space.tile, count, columns, add, to, y.stride());
        }
      }
    }
  }

  private static int check(Term... terms) {
    int width = terms[0].b().width();
    for (var term : terms) {
      boolean ends = term.firstColumn() + term.b().width() == width;
      if (term.firstColumn() + term.b().width() > width
          || (term.b().width() % Operand.BLOCK != 0 && !ends)) {
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

  /// Rows [row, row + count) of one block of columns.
  private static void sum(
      long to, long stride, boolean add, int block, int row, int count, Term... terms) {
    boolean adds = add;
    for (var term : terms) {
      var b = term.b();
      int own = block - term.firstColumn() / Operand.BLOCK;
      if (own < 0 || own >= b.blocks()) {
        continue;
      }
      int width = b.blockWidth(own);
      var a = term.a();
      long from = a.address() + row * a.stride() * 2;
      Brgemm.bf16(count, width, b.depth(), a.stride(), width, stride, adds, from, b.block(own), to);
      adds = true;
    }
  }

  private static void round(long tile, int rows, int columns, float scale, long to, long stride) {
    int even = columns / LANES * LANES;
    for (long r = 0; r < rows; r++) {
      roundRow(tile + r * Operand.BLOCK * 4, even, scale, to + r * stride * 2);
      for (int c = even; c < columns; c++) {
        float value = Memory.ALL.get(ValueLayout.JAVA_FLOAT, tile + (r * Operand.BLOCK + c) * 4);
        putBf16(value * scale, to + (r * stride + c) * 2);
      }
    }
  }

  private static void roundRow(long tile, int columns, float scale, long to) {
    for (long c = 0; c < columns; c += LANES) {
      var value =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, tile + c * 4, LITTLE_ENDIAN).mul(scale);
      var bits = value.reinterpretAsInts();
      var odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
      var rounded = bits.add(0x7fff).add(odd).lanewise(VectorOperators.LSHR, 16);
      ((ShortVector) rounded.convertShape(VectorOperators.I2S, HALF, 0))
          .intoMemorySegment(Memory.ALL, to + c * 2, LITTLE_ENDIAN);
    }
  }

  private static void roundWith(
      long tile,
      int rows,
      int columns,
      float scale,
      long with,
      long withStride,
      long to,
      long stride) {
    int even = columns / LANES * LANES;
    for (long r = 0; r < rows; r++) {
      long other = with + r * withStride * 2;
      roundRowWith(tile + r * Operand.BLOCK * 4, even, scale, other, to + r * stride * 2);
      for (int c = even; c < columns; c++) {
        float value = Memory.ALL.get(ValueLayout.JAVA_FLOAT, tile + (r * Operand.BLOCK + c) * 4);
        int bits = Memory.ALL.get(ValueLayout.JAVA_SHORT, other + c * 2L) << 16;
        putBf16(Math.fma(value, scale, Float.intBitsToFloat(bits)), to + (r * stride + c) * 2);
      }
    }
  }

  private static void roundRowWith(long tile, int columns, float scale, long with, long to) {
    for (long c = 0; c < columns; c += LANES) {
      var other = ShortVector.fromMemorySegment(HALF, Memory.ALL, with + c * 2, LITTLE_ENDIAN);
      var residual =
          ((IntVector) other.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats();
      var bits =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, tile + c * 4, LITTLE_ENDIAN)
              .fma(FloatVector.broadcast(FLOATS, scale), residual)
              .reinterpretAsInts();
      var odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
      var rounded = bits.add(0x7fff).add(odd).lanewise(VectorOperators.LSHR, 16);
      ((ShortVector) rounded.convertShape(VectorOperators.I2S, HALF, 0))
          .intoMemorySegment(Memory.ALL, to + c * 2, LITTLE_ENDIAN);
    }
  }

  private static void putBf16(float value, long to) {
    int bits = Float.floatToRawIntBits(value);
    int rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
    Memory.ALL.set(ValueLayout.JAVA_SHORT, to, (short) rounded);
  }

  /// Copies or adds the first columns of a tile.
  private static void put(long tile, int rows, int columns, boolean add, long to, long stride) {
    for (long r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        float value = Memory.ALL.get(ValueLayout.JAVA_FLOAT, tile + (r * Operand.BLOCK + c) * 4);
        long place = to + (r * stride + c) * 4;
        float before = add ? Memory.ALL.get(ValueLayout.JAVA_FLOAT, place) : 0;
        Memory.ALL.set(ValueLayout.JAVA_FLOAT, place, before + value);
      }
    }
  }
}
