package dev.luthier.engine.kernel;

import dev.luthier.engine.weights.Bf16;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// What the row kernels share: shapes, single elements for the ends of rows, sums in a fixed order.
///
/// How these kernels are written, and why. A row of bf16 is read as int lanes of two elements: the
/// even ones shifted up, the odd ones masked, give fp32 without any shuffle; rounding puts them
/// back together. The compiler's budget of nodes for one method is small, and past it vectors are
/// boxed and everything is ten times slower, without a word: so there is one loop a method, and
/// helpers are written out in it. `KernelSpeedTest` watches over that.
final class Lanes {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;

  /// As many bf16 as [#FLOATS] has lanes.
  static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_256;

  static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /// Lanes of [#FLOATS].
  static final int WIDTH = 16;

  /// The bits of an odd bf16 element in its int lane.
  static final int HIGH = 0xffff0000;

  /// Just under half of the last place kept; with that place itself added, ties go to even.
  static final int HALF = 0x7fff;

  /// Makes a NaN's upper half a NaN too.
  static final int QUIET = 0x40;

  private static final VectorShuffle<Float> SWAP_8 = swap(8);
  private static final VectorShuffle<Float> SWAP_4 = swap(4);
  private static final VectorShuffle<Float> SWAP_2 = swap(2);
  private static final VectorShuffle<Float> SWAP_1 = swap(1);

  private Lanes() {}

  private static VectorShuffle<Float> swap(int distance) {
    return VectorShuffle.fromOp(FLOATS, lane -> lane ^ distance);
  }

  /// The sum of all lanes. `reduceLanes` leaves the order open, and has another one interpreted
  /// than compiled.
  static float sum(FloatVector v) {
    var eight = v.add(v.rearrange(SWAP_8));
    var four = eight.add(eight.rearrange(SWAP_4));
    var two = four.add(four.rearrange(SWAP_2));
    return two.add(two.rearrange(SWAP_1)).lane(0);
  }

  static float fp32(long address) {
    return Memory.ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, address);
  }

  static void putFp32(long address, float value) {
    Memory.ALL.set(ValueLayout.JAVA_FLOAT_UNALIGNED, address, value);
  }

  static int int32(long address) {
    return Memory.ALL.get(ValueLayout.JAVA_INT_UNALIGNED, address);
  }

  static void putInt32(long address, int value) {
    Memory.ALL.set(ValueLayout.JAVA_INT_UNALIGNED, address, value);
  }

  static float bf16(long address) {
    return Bf16.toFloat(Memory.ALL.get(ValueLayout.JAVA_SHORT_UNALIGNED, address));
  }

  static void putBf16(long address, float value) {
    Memory.ALL.set(ValueLayout.JAVA_SHORT_UNALIGNED, address, Bf16.of(value));
  }
}
