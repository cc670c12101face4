package dev.luthier.engine.weights;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// A tensor as it lies in a file or in memory: row-major, little endian, without padding between
/// rows.
///
/// `data` is a view. It stays valid as long as what it was taken from (a mapped file, an arena) is
/// open, and it is not copied here.
public final class StoredTensor {
  private final String name;
  private final DType type;
  private final long[] shape;
  private final MemorySegment data;

  public StoredTensor(String name, DType type, long[] shape, MemorySegment data) {
    long bytes = ExactSize.times(ExactSize.elements(shape), type.bytes());
    if (bytes != data.byteSize()) {
      throw new IllegalArgumentException(
          "tensor %s of type %s and shape %s takes %d bytes, but %d are given"
              .formatted(name, type, Arrays.toString(shape), bytes, data.byteSize()));
    }
    this.name = name;
    this.type = type;
    this.shape = shape.clone();
    this.data = data;
  }

  public String name() {
    return name;
  }

  public DType type() {
    return type;
  }

  /// Outermost dimension first; empty for a scalar.
  public long[] shape() {
    return shape.clone();
  }

  public MemorySegment data() {
    return data;
  }

  @Override
  public String toString() {
    return name + " " + type + Arrays.toString(shape);
  }
}
