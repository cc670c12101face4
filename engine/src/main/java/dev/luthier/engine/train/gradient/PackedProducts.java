package dev.luthier.engine.train.gradient;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Brgemm;
import dev.luthier.engine.kernel.Vectors;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.nn.Linear;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.tensor.DeviceClass;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// In fp32 by LibTorch's small products, on weights packed once for each direction, by a crew.
///
/// A product of few rows reads more of the weights than of anything else. LibTorch's operator lays
/// them out anew for each one, which took as long as the product itself for a row of 60 tokens;
/// here that is done when training begins, for twice the memory of the weights.
final class PackedProducts implements FrozenProducts {
  /// Columns of a block: with a depth of 1,536 it takes a third of a core's second cache.
  private static final int COLUMNS = 32;

  /// Rows that a block is multiplied by at a time.
  private static final int ROWS = 64;

  /// A vector of 256 bits: with shorter ones LibTorch has no small products.
  private static final int LANES_MIN = 8;

  /// Larger bases keep their memory for rows and go by operators.
  private static final long BYTES_MAX = 3L << 30;

  /// A matrix [K,N] in blocks of columns, [N/32,K,32].
  private record Packed(Tensor blocks) {
    int count() {
      return (int) blocks.size(0);
    }

    int depth() {
      return (int) blocks.size(1);
    }

    int columns() {
      return count() * COLUMNS;
    }

    long address() {
      return blocks.memory().address();
    }
  }

  /// W^T [in,out] and W [out,in].
  private record Weights(Packed forward, Packed backward) {}

  private final Crew crew;
  private final Scope owner = Scope.detached();
  private final List<Map<LinearName, Weights>> layers = new ArrayList<>();

  /// Packs the weights; the crew stays the caller's.
  PackedProducts(LlamaModel model, Crew crew) {
    this.crew = crew;
    for (var layer : model.layers()) {
      var linears = new EnumMap<LinearName, Weights>(LinearName.class);
      for (var name : LinearName.values()) {
        linears.put(name, packed(layer.linear(name)));
      }
      layers.add(linears);
    }
    model.unload(); // The file has been read; pages of it would only count as memory.
  }

  /// Whether machine and model are such that these products can work.
  static boolean fit(LlamaModel model) {
    long bytes = 0;
    for (var layer : model.layers()) {
      for (var name : LinearName.values()) {
        var linear = layer.linear(name);
        if (linear.inFeatures() % COLUMNS != 0 || linear.outFeatures() % COLUMNS != 0) {
          return false;
        }
        bytes += 2 * linear.inFeatures() * linear.outFeatures() * Float.BYTES;
      }
    }
    return model.precision() == Precision.FP32
        && Device.current() == DeviceClass.CPU
        && Vectors.lanes() >= LANES_MIN
        && bytes <= BYTES_MAX;
  }

  private Weights packed(Linear linear) {
    long in = linear.inFeatures();
    long out = linear.outFeatures();
    try (var _ = Scope.open()) {
      var weight = linear.weight();
      var forward = weight.view(out / COLUMNS, COLUMNS, in).transpose(1, 2).contiguous();
      var backward = weight.view(out, in / COLUMNS, COLUMNS).transpose(0, 1).contiguous();
      return new Weights(new Packed(forward.moveTo(owner)), new Packed(backward.moveTo(owner)));
    }
  }

  @Override
  public Tensor forward(int layer, LinearName name, Tensor x) {
    return product(x, weights(layer, name).forward());
  }

  @Override
  public Tensor backward(int layer, LinearName name, Tensor dy) {
    return product(dy, weights(layer, name).backward());
  }

  @Override
  public void backwardInto(Tensor dx, int layer, LinearName name, Tensor dy) {
    multiply(dy, weights(layer, name).backward(), dx, true);
  }

  private Weights weights(int layer, LinearName name) {
    return Objects.requireNonNull(layers.get(layer).get(name));
  }

  private Tensor product(Tensor x, Packed weights) {
    var y = Tensor.empty(DType.F32, x.size(0), weights.columns());
    multiply(x, weights, y, false);
    return y;
  }

  /// y [N,columns] = (add ? y : 0) + x [N,depth] times the weights. A block's sums do not depend on
  /// the member that takes it, so the result is the same for any number of threads.
  private void multiply(Tensor x, Packed weights, Tensor y, boolean add) {
    try (var _ = Scope.open()) {
      int rows = (int) x.size(0);
      int depth = weights.depth();
      int columns = weights.columns();
      long left = x.contiguous().memory().address();
      long result = y.memory().address();
      long blocks = weights.address();
      crew.each(
          weights.count(),
          (_, block) -> {
            long right = blocks + (long) block * depth * COLUMNS * Float.BYTES;
            long to = result + (long) block * COLUMNS * Float.BYTES;
            for (int row = 0; row < rows; ) {
              int count = rowsAtOnce(rows - row);
              Brgemm.fp32(
                  count,
                  COLUMNS,
                  depth,
                  depth,
                  COLUMNS,
                  columns,
                  add,
                  left + (long) row * depth * Float.BYTES,
                  right,
                  to + (long) row * columns * Float.BYTES);
              row += count;
            }
          });
    }
  }

  /// Powers of two: LibTorch makes code for each number of rows that it meets.
  private static int rowsAtOnce(int left) {
    return Math.min(ROWS, Integer.highestOneBit(left));
  }

  @Override
  public void close() {
    owner.close();
  }
}
