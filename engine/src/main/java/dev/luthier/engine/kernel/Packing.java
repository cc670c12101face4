package dev.luthier.engine.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Changes of order that matrix units ask for: transposes, and row pairs side by side ("VNNI").
///
/// All work for any size; the vectors take what fills blocks of 16, plain loops the rest. Source
/// and destination may not overlap. Strides are in elements of the matrix they belong to.
public final class Packing {
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;
  private static final VectorSpecies<Short> HALF = ShortVector.SPECIES_256;
  private static final int SIDE = 16;

  // Swap of the off-diagonal corners of a square of 2 b x 2 b within 16 lanes: what a row of the
  // upper, and one of the lower half becomes, as places in (upper row, lower row).
  private static final IntVector UPPER_8 = swapUpper(8);
  private static final IntVector LOWER_8 = swapLower(8);
  private static final IntVector UPPER_4 = swapUpper(4);
  private static final IntVector LOWER_4 = swapLower(4);
  private static final IntVector UPPER_2 = swapUpper(2);
  private static final IntVector LOWER_2 = swapLower(2);
  private static final IntVector UPPER_1 = swapUpper(1);
  private static final IntVector LOWER_1 = swapLower(1);

  private static final ShortVector ZIP_LOW = zip(0);
  private static final ShortVector ZIP_HIGH = zip(16);

  private Packing() {}

  private static IntVector swapUpper(int b) {
    var lanes = new int[SIDE];
    for (int lane = 0; lane < SIDE; lane++) {
      lanes[lane] = (lane & b) == 0 ? lane : SIDE + lane - b;
    }
    return IntVector.fromArray(INTS, lanes, 0);
  }

  private static IntVector swapLower(int b) {
    var lanes = new int[SIDE];
    for (int lane = 0; lane < SIDE; lane++) {
      lanes[lane] = (lane & b) == 0 ? lane + b : SIDE + lane;
    }
    return IntVector.fromArray(INTS, lanes, 0);
  }

  private static ShortVector zip(int first) {
    var lanes = new short[2 * SIDE];
    for (int lane = 0; lane < 2 * SIDE; lane++) {
      lanes[lane] = (short) (first + lane / 2 + (lane % 2) * 2 * SIDE);
    }
    return ShortVector.fromArray(SHORTS, lanes, 0);
  }

  /// `to[c][r] = from[r][c]` for elements of 32 bits: floats, or pairs of bf16. So a bf16 matrix
  /// [rows, 2 columns], seen as pairs, becomes the B operand of its transpose.
  public static void transpose32(
      long from, long fromStride, int rows, int columns, long to, long toStride) {
    int evenRows = rows / SIDE * SIDE;
    int evenColumns = columns / SIDE * SIDE;
    for (int c = 0; c < evenColumns; c += SIDE) {
      for (int r = 0; r < evenRows; r += SIDE) {
        square32(
            from + (r * fromStride + c) * 4,
            fromStride * 4,
            to + (c * toStride + r) * 4,
            toStride * 4);
      }
    }
    for (int r = 0; r < rows; r++) {
      for (int c = r < evenRows ? evenColumns : 0; c < columns; c++) {
        int element = Memory.ALL.get(ValueLayout.JAVA_INT, from + (r * fromStride + c) * 4);
        Memory.ALL.set(ValueLayout.JAVA_INT, to + (c * toStride + r) * 4, element);
      }
    }
  }

  /// `to[c][r] = from[r][c]` for bf16. Columns of `to` from `rows` up to the next multiple of 32
  /// are set to zero, so that it can be the A operand of a product that sums over them: `toStride`
  /// is at least that multiple.
  public static void transpose16(
      long from, long fromStride, int rows, int columns, long to, long toStride) {
    int evenRows = rows / (2 * SIDE) * (2 * SIDE);
    int evenColumns = columns / SIDE * SIDE;
    for (int c = 0; c < evenColumns; c += SIDE) {
      for (int r = 0; r < evenRows; r += 2 * SIDE) {
        square16(
            from + (r * fromStride + c) * 2,
            fromStride * 2,
            to + (c * toStride + r) * 2,
            toStride * 2);
      }
    }
    int padded = (rows + 2 * SIDE - 1) / (2 * SIDE) * (2 * SIDE);
    for (int r = 0; r < padded; r++) {
      for (int c = r < evenRows ? evenColumns : 0; c < columns; c++) {
        short element =
            r < rows ? Memory.ALL.get(ValueLayout.JAVA_SHORT, from + (r * fromStride + c) * 2) : 0;
        Memory.ALL.set(ValueLayout.JAVA_SHORT, to + (c * toStride + r) * 2, element);
      }
    }
  }

  /// Row pairs side by side: bf16 `from` [rows, columns] becomes `to` [ceil(rows / 2)][toWidth][2],
  /// the B operand of a product that sums over the rows. An odd last row is paired with zeros;
  /// columns of `to` from `columns` to `toWidth` are left alone.
  public static void interleave(
      long from, long fromStride, int rows, int columns, long to, long toWidth) {
    int even = columns / (2 * SIDE) * (2 * SIDE);
    int pairs = rows / 2;
    for (int pair = 0; pair < pairs; pair++) {
      long upper = from + 2L * pair * fromStride * 2;
      zip(upper, upper + fromStride * 2, even, to + pair * toWidth * 4);
    }
    for (int r = 0; r < rows + rows % 2; r++) {
      for (int c = r < 2 * pairs ? even : 0; c < columns; c++) {
        short element =
            r < rows ? Memory.ALL.get(ValueLayout.JAVA_SHORT, from + (r * fromStride + c) * 2) : 0;
        long place = to + (r / 2 * toWidth + c) * 4 + (r % 2L) * 2;
        Memory.ALL.set(ValueLayout.JAVA_SHORT, place, element);
      }
    }
  }

  private static void zip(long upper, long lower, int columns, long to) {
    for (long c = 0; c < columns; c += 2 * SIDE) {
      var a = ShortVector.fromMemorySegment(SHORTS, Memory.ALL, upper + c * 2, LITTLE_ENDIAN);
      var b = ShortVector.fromMemorySegment(SHORTS, Memory.ALL, lower + c * 2, LITTLE_ENDIAN);
      ZIP_LOW.selectFrom(a, b).intoMemorySegment(Memory.ALL, to + c * 4, LITTLE_ENDIAN);
      ZIP_HIGH.selectFrom(a, b).intoMemorySegment(Memory.ALL, to + c * 4 + 64, LITTLE_ENDIAN);
    }
  }

  /// A 16 x 16 square: corners of 8 and 4 swapped on the way in, of 2 and 1 in place.
  private static void square32(long from, long fromBytes, long to, long toBytes) {
    for (long r = 0; r < 4; r++) {
      long place = from + r * fromBytes;
      var a = IntVector.fromMemorySegment(INTS, Memory.ALL, place, LITTLE_ENDIAN);
      var b = IntVector.fromMemorySegment(INTS, Memory.ALL, place + 4 * fromBytes, LITTLE_ENDIAN);
      var c = IntVector.fromMemorySegment(INTS, Memory.ALL, place + 8 * fromBytes, LITTLE_ENDIAN);
      var d = IntVector.fromMemorySegment(INTS, Memory.ALL, place + 12 * fromBytes, LITTLE_ENDIAN);
      var ac = UPPER_8.selectFrom(a, c);
      var ca = LOWER_8.selectFrom(a, c);
      var bd = UPPER_8.selectFrom(b, d);
      var db = LOWER_8.selectFrom(b, d);
      long target = to + r * toBytes;
      UPPER_4.selectFrom(ac, bd).intoMemorySegment(Memory.ALL, target, LITTLE_ENDIAN);
      LOWER_4.selectFrom(ac, bd).intoMemorySegment(Memory.ALL, target + 4 * toBytes, LITTLE_ENDIAN);
      UPPER_4.selectFrom(ca, db).intoMemorySegment(Memory.ALL, target + 8 * toBytes, LITTLE_ENDIAN);
      LOWER_4
          .selectFrom(ca, db)
          .intoMemorySegment(Memory.ALL, target + 12 * toBytes, LITTLE_ENDIAN);
    }
    swapInner(to, toBytes);
  }

  /// A square of 32 rows by 16 columns of bf16, as 16 x 16 pairs of rows.
  private static void square16(long from, long fromBytes, long to, long toBytes) {
    for (long r = 0; r < 4; r++) {
      var a = rowPair(from + 2 * r * fromBytes, fromBytes);
      var b = rowPair(from + (2 * r + 8) * fromBytes, fromBytes);
      var c = rowPair(from + (2 * r + 16) * fromBytes, fromBytes);
      var d = rowPair(from + (2 * r + 24) * fromBytes, fromBytes);
      var ac = UPPER_8.selectFrom(a, c);
      var ca = LOWER_8.selectFrom(a, c);
      var bd = UPPER_8.selectFrom(b, d);
      var db = LOWER_8.selectFrom(b, d);
      long target = to + r * toBytes;
      UPPER_4.selectFrom(ac, bd).intoMemorySegment(Memory.ALL, target, LITTLE_ENDIAN);
      LOWER_4.selectFrom(ac, bd).intoMemorySegment(Memory.ALL, target + 4 * toBytes, LITTLE_ENDIAN);
      UPPER_4.selectFrom(ca, db).intoMemorySegment(Memory.ALL, target + 8 * toBytes, LITTLE_ENDIAN);
      LOWER_4
          .selectFrom(ca, db)
          .intoMemorySegment(Memory.ALL, target + 12 * toBytes, LITTLE_ENDIAN);
    }
    swapInner(to, toBytes);
  }

  private static IntVector rowPair(long upper, long strideBytes) {
    var a = ShortVector.fromMemorySegment(HALF, Memory.ALL, upper, LITTLE_ENDIAN);
    var b = ShortVector.fromMemorySegment(HALF, Memory.ALL, upper + strideBytes, LITTLE_ENDIAN);
    var low = (IntVector) a.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    var high = (IntVector) b.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
    return high.lanewise(VectorOperators.LSHL, 16).or(low);
  }

  private static void swapInner(long to, long toBytes) {
    for (long r = 0; r < SIDE; r += 4) {
      long place = to + r * toBytes;
      var a = IntVector.fromMemorySegment(INTS, Memory.ALL, place, LITTLE_ENDIAN);
      var b = IntVector.fromMemorySegment(INTS, Memory.ALL, place + toBytes, LITTLE_ENDIAN);
      var c = IntVector.fromMemorySegment(INTS, Memory.ALL, place + 2 * toBytes, LITTLE_ENDIAN);
      var d = IntVector.fromMemorySegment(INTS, Memory.ALL, place + 3 * toBytes, LITTLE_ENDIAN);
      var ac = UPPER_2.selectFrom(a, c);
      var ca = LOWER_2.selectFrom(a, c);
      var bd = UPPER_2.selectFrom(b, d);
      var db = LOWER_2.selectFrom(b, d);
      UPPER_1.selectFrom(ac, bd).intoMemorySegment(Memory.ALL, place, LITTLE_ENDIAN);
      LOWER_1.selectFrom(ac, bd).intoMemorySegment(Memory.ALL, place + toBytes, LITTLE_ENDIAN);
      UPPER_1.selectFrom(ca, db).intoMemorySegment(Memory.ALL, place + 2 * toBytes, LITTLE_ENDIAN);
      LOWER_1.selectFrom(ca, db).intoMemorySegment(Memory.ALL, place + 3 * toBytes, LITTLE_ENDIAN);
    }
  }
}
