package dev.luthier.benchmarks.kernels;

import dev.luthier.engine.kernel.Adam;
import dev.luthier.engine.kernel.Bf16Rows;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Norm;
import dev.luthier.engine.kernel.Rope;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.SwiGlu;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What is done row by row or element by element, on 128 rows.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
public class RowBenchmark {
  private static final int PARAMETERS = 1 << 16;

  private Memory memory;
  private Strided x;
  private Strided y;
  private Strided branch;
  private Strided gate;
  private Strided up;
  private Strided dGate;
  private Strided dUp;
  private Strided product;
  private Strided heads;
  private long weight;
  private long inverseRms;
  private long cos;
  private long sin;
  private long positions;
  private long masters;
  private long first;
  private long second;
  private long gradient;

  @Setup(Level.Trial)
  public void allocate() {
    memory = new Memory();
    x = Shape.rows(memory, Shape.ROWS, Shape.HIDDEN);
    y = Shape.rows(memory, Shape.ROWS, Shape.HIDDEN);
    branch = new Strided(memory.allocate(2L * Shape.ROWS * y.stride()), y.stride());
    gate = Shape.rows(memory, Shape.ROWS, Shape.INNER);
    up = Shape.rows(memory, Shape.ROWS, Shape.INNER);
    dGate = Shape.rows(memory, Shape.ROWS, Shape.INNER);
    dUp = Shape.rows(memory, Shape.ROWS, Shape.INNER);
    product = Shape.rows(memory, Shape.ROWS, Shape.INNER);
    heads = Shape.rows(memory, Shape.ROWS, Shape.QKV);
    weight = Shape.bf16(memory, Shape.HIDDEN);
    inverseRms = Shape.fp32(memory, Shape.ROWS);
    cos = memory.allocate(2L * Shape.HEAD);
    sin = memory.allocate(2L * Shape.HEAD);
    angles();
    positions = memory.allocate(4L * Shape.ROWS);
    masters = Shape.fp32(memory, PARAMETERS);
    first = Shape.fp32(memory, PARAMETERS);
    second = memory.allocate(4L * PARAMETERS);
    gradient = Shape.fp32(memory, PARAMETERS);
  }

  /// Those of one position. A turn in place must keep lengths: rows that shrink with every call end
  /// as numbers too small to be normal, which take twenty times as long.
  private void angles() {
    for (int i = 0; i < Shape.HEAD / 2; i++) {
      Memory.segment(cos, 2L * Shape.HEAD)
          .setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.cos(i));
      Memory.segment(sin, 2L * Shape.HEAD)
          .setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) Math.sin(i));
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    memory.close();
  }

  @Benchmark
  public void norm() {
    Norm.forward(
        y.address(),
        y.stride(),
        inverseRms,
        x.address(),
        x.stride(),
        weight,
        Shape.ROWS,
        Shape.HIDDEN,
        1e-5f);
  }

  @Benchmark
  public void normBackward() {
    Norm.backward(
        y.address(),
        y.stride(),
        branch.address(),
        branch.stride(),
        x.address(),
        x.stride(),
        inverseRms,
        weight,
        Shape.ROWS,
        Shape.HIDDEN);
  }

  @Benchmark
  public void rotary() {
    Rope.turn(
        heads.address(),
        heads.stride(),
        Shape.ROWS,
        Shape.QUERY_HEADS,
        Shape.HEAD,
        cos,
        sin,
        positions);
  }

  @Benchmark
  public void swiGlu() {
    SwiGlu.forward(product, gate, up, Shape.ROWS, Shape.INNER);
  }

  @Benchmark
  public void swiGluBackward() {
    SwiGlu.backward(product, dGate, dUp, product, gate, up, Shape.ROWS, Shape.INNER);
  }

  @Benchmark
  public void add() {
    Bf16Rows.add(
        y.address(),
        y.stride(),
        x.address(),
        x.stride(),
        branch.address(),
        branch.stride(),
        Shape.ROWS,
        Shape.HIDDEN);
  }

  /// 65,536 parameters.
  @Benchmark
  public void adamW() {
    Adam.update(masters, first, second, gradient, PARAMETERS, 9, 0, 1);
  }
}
