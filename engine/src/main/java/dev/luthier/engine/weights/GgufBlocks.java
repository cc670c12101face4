package dev.luthier.engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// Decoders of ggml's block formats (layouts: `ggml-common.h` of llama.cpp).
///
/// Each multiplies and adds in the order of the format's reference and in single precision without
/// fused operations, so that results are equal to it in the last bit.
final class GgufBlocks {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private GgufBlocks() {}

  /// Decodes `count` elements (whole blocks) that start at byte `at` of `data` into
  /// `out[0..count)`.
  @FunctionalInterface
  interface Decoder {
    void decode(MemorySegment data, long at, float[] out, int count);
  }

  static Decoder of(GgufType type) {
    return switch (type) {
      case F32 -> GgufBlocks::f32;
      case F16 -> GgufBlocks::f16;
      case BF16 -> GgufBlocks::bf16;
      case Q4_0 -> GgufBlocks::q40;
      case Q4_1 -> GgufBlocks::q41;
      case Q5_0 -> GgufBlocks::q50;
      case Q5_1 -> GgufBlocks::q51;
      case Q8_0 -> GgufBlocks::q80;
      case Q4_K -> GgufBlocks::q4K;
      case Q6_K -> GgufBlocks::q6K;
    };
  }

  private static void f32(MemorySegment data, long at, float[] out, int count) {
    MemorySegment.copy(data, FLOAT, at, out, 0, count);
  }

  private static void f16(MemorySegment data, long at, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = half(data, at + 2L * i);
    }
  }

  private static void bf16(MemorySegment data, long at, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = Float.intBitsToFloat(data.get(SHORT, at + 2L * i) << 16);
    }
  }

  /// Scale (half), 16 bytes: low nibbles are elements 0..15, high nibbles 16..31; x = d (q - 8).
  private static void q40(MemorySegment data, long at, float[] out, int count) {
    for (int start = 0; start < count; start += 32, at += 18) {
      float d = half(data, at);
      for (int i = 0; i < 16; i++) {
        int pair = unsigned(data, at + 2 + i);
        out[start + i] = d * ((pair & 15) - 8);
        out[start + 16 + i] = d * ((pair >>> 4) - 8);
      }
    }
  }

  /// Scale and minimum (halves), 16 bytes of nibbles as in Q4_0; x = d q + m.
  private static void q41(MemorySegment data, long at, float[] out, int count) {
    for (int start = 0; start < count; start += 32, at += 20) {
      float d = half(data, at);
      float m = half(data, at + 2);
      for (int i = 0; i < 16; i++) {
        int pair = unsigned(data, at + 4 + i);
        out[start + i] = d * (pair & 15) + m;
        out[start + 16 + i] = d * (pair >>> 4) + m;
      }
    }
  }

  /// Scale, 32 fifth bits, nibbles; x = d (q - 16).
  private static void q50(MemorySegment data, long at, float[] out, int count) {
    for (int start = 0; start < count; start += 32, at += 22) {
      float d = half(data, at);
      int fifths = data.get(INT, at + 2);
      for (int i = 0; i < 16; i++) {
        int pair = unsigned(data, at + 6 + i);
        out[start + i] = d * (low5(pair, fifths, i) - 16);
        out[start + 16 + i] = d * (high5(pair, fifths, i) - 16);
      }
    }
  }

  /// Scale, minimum, 32 fifth bits, nibbles; x = d q + m.
  private static void q51(MemorySegment data, long at, float[] out, int count) {
    for (int start = 0; start < count; start += 32, at += 24) {
      float d = half(data, at);
      float m = half(data, at + 2);
      int fifths = data.get(INT, at + 4);
      for (int i = 0; i < 16; i++) {
        int pair = unsigned(data, at + 8 + i);
        out[start + i] = d * low5(pair, fifths, i) + m;
        out[start + 16 + i] = d * high5(pair, fifths, i) + m;
      }
    }
  }

  /// Scale (half), 32 signed bytes; x = d q.
  private static void q80(MemorySegment data, long at, float[] out, int count) {
    for (int start = 0; start < count; start += 32, at += 34) {
      float d = half(data, at);
      for (int i = 0; i < 32; i++) {
        out[start + i] = d * data.get(ValueLayout.JAVA_BYTE, at + 2 + i);
      }
    }
  }

  /// Two halves (scale of scales, scale of minima), 12 bytes holding eight 6-bit scales and eight
  /// 6-bit minima, 128 bytes of nibbles: each 32 bytes hold 32 low nibbles, then 32 high ones; x =
  /// (d s) q - (dm m).
  private static void q4K(MemorySegment data, long at, float[] out, int count) {
    for (int start = 0; start < count; start += 256, at += 144) {
      float d = half(data, at);
      float dm = half(data, at + 2);
      for (int group = 0; group < 8; group++) {
        float scale = d * scale6(data, at + 4, group);
        float minimum = dm * minimum6(data, at + 4, group);
        long nibbles = at + 16 + 32L * (group / 2);
        int shift = group % 2 * 4;
        for (int i = 0; i < 32; i++) {
          int q = (unsigned(data, nibbles + i) >>> shift) & 15;
          out[start + 32 * group + i] = scale * q - minimum;
        }
      }
    }
  }

  /// 128 bytes of low nibbles, 64 bytes of upper bit pairs, 16 signed scales, one half; x = (d s)
  /// (q - 32), a scale for each 16 elements. Half a block (128 elements) uses 64 bytes of nibbles
  /// and 32 of bit pairs.
  private static void q6K(MemorySegment data, long at, float[] out, int count) {
    for (int start = 0; start < count; start += 256, at += 210) {
      float d = half(data, at + 208);
      for (int i = 0; i < 256; i++) {
        int half = i / 128;
        int quarter = i % 128 / 32;
        int lane = i % 32;
        int low =
            (unsigned(data, at + 64L * half + 32L * (quarter % 2) + lane) >>> (quarter / 2 * 4))
                & 15;
        int high = (unsigned(data, at + 128 + 32L * half + lane) >>> (2 * quarter)) & 3;
        float scale = d * data.get(ValueLayout.JAVA_BYTE, at + 192 + i / 16);
        out[start + i] = scale * (((high << 4) | low) - 32);
      }
    }
  }

  private static int low5(int pair, int fifths, int i) {
    return (pair & 15) | (((fifths >>> i) & 1) << 4);
  }

  private static int high5(int pair, int fifths, int i) {
    return (pair >>> 4) | (((fifths >>> (i + 16)) & 1) << 4);
  }

  /// Scales 0..3 are the low six bits of bytes 0..3; 4..7 take four bits of bytes 8..11 and two of
  /// bytes 0..3.
  private static int scale6(MemorySegment data, long at, int group) {
    if (group < 4) {
      return unsigned(data, at + group) & 63;
    }
    return (unsigned(data, at + 4 + group) & 15) | ((unsigned(data, at + group - 4) >>> 6) << 4);
  }

  /// As the scales, from bytes 4..7 and the upper halves of bytes 8..11.
  private static int minimum6(MemorySegment data, long at, int group) {
    if (group < 4) {
      return unsigned(data, at + 4 + group) & 63;
    }
    return (unsigned(data, at + 4 + group) >>> 4) | ((unsigned(data, at + group) >>> 6) << 4);
  }

  private static float half(MemorySegment data, long at) {
    return Float.float16ToFloat(data.get(SHORT, at));
  }

  private static int unsigned(MemorySegment data, long at) {
    return data.get(ValueLayout.JAVA_BYTE, at) & 255;
  }
}
