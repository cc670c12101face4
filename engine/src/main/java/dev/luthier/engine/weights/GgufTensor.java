package dev.luthier.engine.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A tensor of a mapped GGUF file, still in the file's own blocks.
public final class GgufTensor {
  /// Elements decoded at a time: whole blocks of every type, small enough to stay in the
  /// first-level cache.
  private static final int CHUNK = 2048;

  private final String name;
  private final GgufType type;
  private final long[] shape;
  private final MemorySegment data;

  GgufTensor(String name, GgufType type, long[] shape, MemorySegment data) {
    this.name = name;
    this.type = type;
    this.shape = shape;
    this.data = data;
  }

  public String name() {
    return name;
  }

  public GgufType type() {
    return type;
  }

  /// Outermost dimension first, as everywhere else here (the file itself lists the innermost
  /// first).
  public long[] shape() {
    return shape.clone();
  }

  public long elements() {
    return ExactSize.elements(shape);
  }

  /// All values in single precision, in memory of `arena`.
  public MemorySegment toF32(Arena arena) {
    MemorySegment out = arena.allocate(elements() * Float.BYTES, 64);
    decode((values, first, count) ->
        MemorySegment.copy(values, 0, out, ValueLayout.JAVA_FLOAT, first * Float.BYTES, count));
    return out;
  }

  /// All values rounded to bf16 (to nearest, ties to even), in memory of `arena`.
  public MemorySegment toBf16(Arena arena) {
    MemorySegment out = arena.allocate(elements() * Short.BYTES, 64);
    decode((values, first, count) -> {
      for (int i = 0; i < count; i++) {
        out.set(ValueLayout.JAVA_SHORT, (first + i) * Short.BYTES, Bf16.of(values[i]));
      }
    });
    return out;
  }

  private interface Chunk {
    void accept(float[] values, long first, int count);
  }

  private void decode(Chunk chunk) {
    float[] values = new float[CHUNK];
    GgufBlocks.Decoder decoder = GgufBlocks.of(type);
    long elements = elements();
    for (long first = 0; first < elements; first += CHUNK) {
      int count = (int) Math.min(CHUNK, elements - first);
      decoder.decode(data, first / type.blockElements() * type.blockBytes(), values, count);
      chunk.accept(values, first, count);
    }
  }
}
