package dev.luthier.benchmarks.kernels;

import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.StripOperand;
import dev.luthier.engine.kernel.StripProduct;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// A product of rows in fp32 with weights in bytes on vectors, of SmolLM2-135M's gate and up, by
/// rows: 1,769,472 multiplications a row.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
public class StripBenchmark {
  private static final int DEPTH = 576;
  private static final int CHANNELS = 3072;

  @Param({"1", "2", "8", "64"})
  private int rows;

  private Memory memory;
  private StripOperand weights;
  private Strided x;
  private Strided y;

  @Setup(Level.Trial)
  public void allocate() {
    memory = new Memory();
    weights = StripOperand.allocate(memory, CHANNELS, DEPTH);
    long from = Shape.bf16(memory, (long) CHANNELS * DEPTH);
    weights.packBf16(new Strided(from, DEPTH), CHANNELS, 0);
    x = rows(DEPTH);
    y = rows(CHANNELS);
  }

  private Strided rows(int columns) {
    long stride = Strided.spread(columns, Float.BYTES);
    return new Strided(memory.allocate(rows * stride * Float.BYTES), stride);
  }

  @TearDown(Level.Trial)
  public void close() {
    memory.close();
  }

  @Benchmark
  public void product() {
    StripProduct.multiply(rows, x, weights, 0, CHANNELS, false, y);
  }
}
