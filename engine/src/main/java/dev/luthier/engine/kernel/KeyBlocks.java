package dev.luthier.engine.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// The keys and values of one head, copied from wherever they lie to rows that adjoin, the last
/// block filled up with zero rows; and one of both transposed.
///
/// So the products that follow have few shapes (each costs the units a kernel of its own) and read
/// nothing that is not the document's.
final class KeyBlocks {
  /// Rows of a block.
  static final int BLOCK = 64;

  /// Keys of a strip: as many as one product takes at once.
  static final int STRIP = 256;

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final int BF16_BYTES = 2;

  private final int headDim;
  private final int maxKeys;
  private final boolean transposeKeys;
  private final long keys;
  private final long values;
  private final long transposed;
  private int count;

  /// Keeps either the keys or the values transposed as well.
  KeyBlocks(Memory memory, int headDim, int maxKeys, boolean transposeKeys) {
    if (headDim % 32 != 0 || headDim > 256) {
      throw new IllegalArgumentException(
          "heads of %d elements: a multiple of 32 up to 256 is wanted".formatted(headDim));
    }
    this.headDim = headDim;
    this.maxKeys = maxKeys;
    this.transposeKeys = transposeKeys;
    long size = (long) roundUp(maxKeys, STRIP) * headDim * BF16_BYTES;
    keys = memory.allocate(size);
    values = memory.allocate(size);
    transposed = memory.allocate(size);
  }

  static int roundUp(int number, int unit) {
    return (number + unit - 1) / unit * unit;
  }

  void put(int at, int more, Strided k, Strided v) {
    if (at < 0 || at > count || at + more > maxKeys) {
      throw new IllegalArgumentException(
          "keys %d to %d do not follow on %d keys, or exceed %d"
              .formatted(at, at + more, count, maxKeys));
    }
    count = at + more;
    copy(k, more, headDim, keys(at));
    copy(v, more, headDim, values(at));
    int end = roundUp(count, BLOCK);
    zero(keys(count), (long) (end - count) * headDim * BF16_BYTES);
    zero(values(count), (long) (end - count) * headDim * BF16_BYTES);
    long rows = transposeKeys ? keys : values;
    for (int block = at / BLOCK * BLOCK; block < end; block += BLOCK) {
      Packing.transpose16(
          rows + (long) block * headDim * BF16_BYTES,
          headDim,
          BLOCK,
          headDim,
          transposed(block / STRIP * STRIP) + (long) block % STRIP * BF16_BYTES,
          STRIP);
    }
  }

  int count() {
    return count;
  }

  /// [count,D], with zero rows up to a multiple of [#BLOCK].
  long keys(int position) {
    return keys + (long) position * headDim * BF16_BYTES;
  }

  /// [count,D], with zero rows up to a multiple of [#BLOCK].
  long values(int position) {
    return values + (long) position * headDim * BF16_BYTES;
  }

  /// [D,STRIP] of the strip that starts at `position`.
  long transposed(int position) {
    return transposed + (long) position * headDim * BF16_BYTES;
  }

  /// Copies bf16 rows of a multiple of 32 elements to rows that adjoin.
  static void copy(Strided from, int rows, int columns, long to) {
    for (long c = 0; c < columns; c += 32) {
      copyColumn(from.address() + c * 2, from.stride() * 2, rows, to + c * 2, columns * 2L);
    }
  }

  /// Copies bf16 rows of a multiple of 32 elements from rows that adjoin.
  static void copyOut(long from, int rows, int columns, Strided to) {
    for (long c = 0; c < columns; c += 32) {
      copyColumn(from + c * 2, columns * 2L, rows, to.address() + c * 2, to.stride() * 2);
    }
  }

  private static void copyColumn(long from, long fromBytes, int rows, long to, long toBytes) {
    for (int r = 0; r < rows; r++) {
      IntVector.fromMemorySegment(INTS, Memory.ALL, from + r * fromBytes, LITTLE_ENDIAN)
          .intoMemorySegment(Memory.ALL, to + r * toBytes, LITTLE_ENDIAN);
    }
  }

  /// Clears a multiple of 64 bytes: faster than [java.lang.foreign.MemorySegment#fill] at the sizes
  /// here.
  static void zero(long address, long bytes) {
    int lines = (int) (bytes / 64);
    for (int i = 0; i < lines; i++) {
      IntVector.zero(INTS).intoMemorySegment(Memory.ALL, address + i * 64L, LITTLE_ENDIAN);
    }
  }
}
