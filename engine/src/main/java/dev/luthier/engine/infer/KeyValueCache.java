package dev.luthier.engine.infer;

import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import java.util.ArrayList;
import java.util.List;

/// Keys and values of one sequence, for every layer [1,KV,capacity,D]. Room doubles as the sequence
/// grows, up to what it can need; memory that was never written to costs nothing.
final class KeyValueCache implements BatchModel.Cache {
  private static final int ROWS_LEAST = 128;

  private final ModelConfig config;
  private final DType type;
  private final int rowsMax;
  private Scope owner = Scope.detached();
  private List<Tensor> keys = List.of();
  private List<Tensor> values = List.of();
  private int capacity;
  private int length;

  KeyValueCache(ModelConfig config, DType type, int rowsMax) {
    this.config = config;
    this.type = type;
    this.rowsMax = rowsMax;
  }

  @Override
  public int length() {
    return length;
  }

  /// Makes room for `rows` more. Call before a pass, [#advance] after it.
  void reserve(int rows) {
    int needed = length + rows;
    if (needed > rowsMax) {
      throw new IllegalStateException(
          "a cache of at most %d rows cannot hold %d".formatted(rowsMax, needed));
    }
    if (needed > capacity) {
      grow(Math.min(rowsMax, Math.max(Math.max(needed, 2 * capacity), ROWS_LEAST)));
    }
  }

  private void grow(int rows) {
    Scope larger = Scope.detached();
    try (Scope _ = Scope.open()) {
      keys = copies(keys, rows, larger);
      values = copies(values, rows, larger);
    }
    owner.close();
    owner = larger;
    capacity = rows;
  }

  private List<Tensor> copies(List<Tensor> old, int rows, Scope larger) {
    List<Tensor> copies = new ArrayList<>(config.layers());
    for (int layer = 0; layer < config.layers(); layer++) {
      Tensor copy = Tensor.empty(type, 1, config.kvHeads(), rows, config.headDim());
      if (length > 0) {
        copy.narrow(2, 0, length).copyFrom(old.get(layer).narrow(2, 0, length));
      }
      copies.add(copy.moveTo(larger));
    }
    return copies;
  }

  /// Writes k and v [1,KV,n,D] of one layer behind what is there.
  void write(int layer, Tensor k, Tensor v) {
    keys.get(layer).narrow(2, length, k.size(2)).copyFrom(k);
    values.get(layer).narrow(2, length, v.size(2)).copyFrom(v);
  }

  /// [1,KV,rows,D], a view
  Tensor keys(int layer, int rows) {
    return keys.get(layer).narrow(2, 0, rows);
  }

  /// [1,KV,rows,D], a view
  Tensor values(int layer, int rows) {
    return values.get(layer).narrow(2, 0, rows);
  }

  void advance(int rows) {
    length += rows;
  }

  @Override
  public void close() {
    owner.close();
  }
}
