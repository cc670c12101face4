package dev.luthier.engine.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A tensor that is going to be written and whose bytes are made only when their turn comes, so
/// that a writer of many tensors holds one at a time.
public final class PlannedTensor {
  /// Makes the bytes of one tensor.
  @FunctionalInterface
  public interface Content {
    /// The tensor's bytes, row-major and little endian; memory from `scratch` is given back right
    /// after they are written.
    MemorySegment bytes(Arena scratch);
  }

  private final String name;
  private final DType type;
  private final long[] shape;
  private final Content content;

  public PlannedTensor(String name, DType type, long[] shape, Content content) {
    this.name = name;
    this.type = type;
    this.shape = shape.clone();
    this.content = content;
  }

  public static PlannedTensor of(StoredTensor tensor) {
    return new PlannedTensor(tensor.name(), tensor.type(), tensor.shape(), _ -> tensor.data());
  }

  public String name() {
    return name;
  }

  public DType type() {
    return type;
  }

  public long[] shape() {
    return shape.clone();
  }

  public long byteSize() {
    return ExactSize.times(ExactSize.elements(shape), type.bytes());
  }

  Content content() {
    return content;
  }
}
