package dev.luthier.benchmarks.kernels;

import dev.luthier.engine.kernel.Brgemm;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Operand;
import dev.luthier.engine.kernel.Product;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.Term;
import dev.luthier.engine.kernel.WeightGradient;
import dev.luthier.engine.kernel.Workspace;
import java.util.List;
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

/// A tile of 128 rows and 64 columns on the matrix units, by depth: the product alone, rounded, and
/// with its low-rank part; and the gradients of a low-rank pair. Needs a processor with the units.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
public class ProductBenchmark {
  @Param({"576", "1536", "3072"})
  private int depth;

  private Memory memory;
  private Workspace space;
  private Strided x;
  private Strided y;
  private Term base;
  private Term low;
  private Strided wide;
  private WeightGradient.Part down;
  private WeightGradient.Part up;

  @Setup(Level.Trial)
  public void allocate() {
    memory = new Memory();
    space = new Workspace(memory);
    x = Shape.rows(memory, Shape.ROWS, depth + Shape.LOW);
    y = Shape.rows(memory, Shape.ROWS, Operand.BLOCK);
    var weights = Operand.allocate(memory, depth + Shape.LOW, Operand.BLOCK);
    var rows =
        new Strided(
            Shape.bf16(memory, (long) Operand.BLOCK * (depth + Shape.LOW)), depth + Shape.LOW);
    weights.packTransposed(rows, Operand.BLOCK, depth + Shape.LOW, 0, 0);
    base = new Term(x, weights.depths(0, depth));
    low =
        new Term(
            new Strided(x.address() + 2L * depth, x.stride()), weights.depths(depth, Shape.LOW));
    wide = Shape.rows(memory, 512, depth);
    long left = memory.allocate(WeightGradient.leftBytes(512, Shape.LOW));
    WeightGradient.packLeft(512, Shape.rows(memory, 512, Shape.LOW), Shape.LOW, left);
    down =
        new WeightGradient.Part(
            left, Shape.LOW, 0, 16, new Strided(memory.allocate(4L * 16 * depth), depth));
    up =
        new WeightGradient.Part(
            left, Shape.LOW, 0, 16, new Strided(memory.allocate(4L * 16 * depth), 16));
  }

  @TearDown(Level.Trial)
  public void close() {
    Brgemm.release();
    memory.close();
  }

  /// Sums in fp32, not written.
  @Benchmark
  public long product() {
    return Product.tile(space, Shape.ROWS, base);
  }

  @Benchmark
  public void rounded() {
    Product.toBf16(space, Shape.ROWS, y, base);
  }

  /// With its low-rank part, rounded twice as by PEFT.
  @Benchmark
  public void adapted() {
    Product.adapted(space, Shape.ROWS, List.of(new Product.Adapted(y, base, low)));
  }

  /// 64 columns of dA, of 512 rows.
  @Benchmark
  public void lowRankDown() {
    WeightGradient.addRows(space, 512, wide, 0, Operand.BLOCK, List.of(down));
  }

  /// 64 rows of dB, of 512 rows.
  @Benchmark
  public void lowRankUp() {
    WeightGradient.addColumns(space, 512, wide, 0, Operand.BLOCK, up);
  }
}
