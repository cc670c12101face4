package dev.luthier.worker.trainer;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Brgemm;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.wire.bench.ProductBenchReport;
import dev.luthier.wire.bench.ProductBenchReport.Product;
import dev.luthier.wire.bench.ProductBenchRequest;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Measures nothing but matrix products, on operands that are packed and lie in the caches: what no
/// step at these shapes can pass.
public final class ProductBench {
  private static final int ROWS_PER_THREAD = 256;
  private static final int BLOCK = 64;

  /// Longer sums are cut, or the rows of a block would not fit the second cache.
  private static final int DEPTH_MAX = 2048;

  private static final int WINDOWS = 7;
  private static final double WINDOW_NANOS = 1e8;
  private static final long SEED = 42;

  private final Crew crew;
  private final Memory memory;

  private ProductBench(Crew crew, Memory memory) {
    this.crew = crew;
    this.memory = memory;
  }

  /// Measures every linear of the base, forward and back.
  public static ProductBenchReport measure(ProductBenchRequest request) throws IOException {
    ModelConfig config = ModelConfig.read(Path.of(request.baseFolder()));
    int threads = Runtime.getRuntime().availableProcessors();
    List<Product> products = new ArrayList<>();
    if (Brgemm.isAvailable()) {
      try (var crew = new Crew("products", threads)) {
        int hidden = config.hiddenSize();
        int queries = config.heads() * config.headDim();
        int keys = config.kvHeads() * config.headDim();
        products.add(product(crew, "qkv", queries + 2 * keys, hidden));
        products.add(product(crew, "o", hidden, queries));
        products.add(product(crew, "gate_up", 2 * config.intermediateSize(), hidden));
        products.add(product(crew, "down", hidden, config.intermediateSize()));
        products.add(product(crew, "head", config.vocabularySize(), hidden));
      }
    }
    return new ProductBenchReport(request.model(), threads, threads * ROWS_PER_THREAD, products);
  }

  private static Product product(Crew crew, String name, int out, int in) {
    try (var memory = new Memory()) {
      var bench = new ProductBench(crew, memory);
      return new Product(name, out, in, bench.gflops(out, in), bench.gflops(in, out));
    }
  }

  /// X [rows,in] times B [in,out], the best of some windows.
  private double gflops(int out, int in) {
    long weights = random(2L * in * out);
    long rows = random(2L * in * ROWS_PER_THREAD * crew.size());
    long sums = memory.allocate((long) Float.BYTES * out * ROWS_PER_THREAD * crew.size());
    double flops = 2.0 * in * (out / BLOCK * BLOCK) * ROWS_PER_THREAD * crew.size();
    int rounds = 1;
    double best = 0;
    for (int window = 0; window < WINDOWS; window++) {
      long started = System.nanoTime();
      int repeated = rounds;
      crew.each(
          crew.size(),
          (_, index) -> {
            long x = rows + 2L * in * ROWS_PER_THREAD * index;
            long sum = sums + (long) Float.BYTES * out * ROWS_PER_THREAD * index;
            for (int round = 0; round < repeated; round++) {
              for (int depth = 0; depth < in; depth += DEPTH_MAX) {
                int part = Math.min(DEPTH_MAX, in - depth);
                multiply(x + 2L * depth, weights, sum, in, out, part, depth > 0);
              }
            }
            Brgemm.release();
          });
      double nanos = System.nanoTime() - started;
      best = Math.max(best, flops * rounds / nanos);
      rounds = (int) Math.max(1, rounds * WINDOW_NANOS / nanos);
    }
    return best;
  }

  /// `part` columns of X times as many rows of B. Sums of a product that is not cut share a tile,
  /// as a step's do that uses them up at once.
  private static void multiply(
      long x, long weights, long sum, int in, int out, int part, boolean add) {
    boolean cut = part < in;
    for (int column = 0; column + BLOCK <= out; column += BLOCK) {
      for (int row = 0; row < ROWS_PER_THREAD; row += BLOCK) {
        long tile = (long) Float.BYTES * BLOCK * (row * (long) (out / BLOCK) + column);
        Brgemm.bf16(
            BLOCK,
            BLOCK,
            part,
            in,
            BLOCK,
            BLOCK,
            add,
            x + 2L * in * row,
            weights + 2L * part * column,
            cut ? sum + tile : sum);
      }
    }
  }

  /// bf16 numbers within -1 to 1; zeros or denormal ones would be multiplied at another speed.
  private long random(long bytes) {
    long address = memory.allocate(bytes);
    MemorySegment segment = Memory.segment(address, bytes);
    var random = new CounterRandom(SEED, bytes);
    for (long i = 0; i < bytes / Short.BYTES; i++) {
      float value = (float) (2 * random.uniform(i) - 1);
      segment.setAtIndex(
          ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(value) >>> Short.SIZE));
    }
    return address;
  }
}
