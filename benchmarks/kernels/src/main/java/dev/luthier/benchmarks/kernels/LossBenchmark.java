package dev.luthier.benchmarks.kernels;

import dev.luthier.engine.kernel.CrossEntropy;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.SoftmaxTile;
import dev.luthier.engine.kernel.Workspace;
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

/// The loss: exponentials of a tile of logits as they come, and whole rows of the vocabulary.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
public class LossBenchmark {
  private static final int ROWS = 4;

  private Memory memory;
  private Workspace space;
  private long logits;
  private long exponentials;
  private long largest;
  private long sums;
  private long losses;
  private long argmaxes;
  private long targets;

  @Setup(Level.Trial)
  public void allocate() {
    memory = new Memory();
    space = new Workspace(memory);
    logits = Shape.fp32(memory, (long) ROWS * Shape.VOCABULARY);
    exponentials = memory.allocate(2L * ROWS * Shape.VOCABULARY);
    largest = memory.allocate(4L * Shape.ROWS);
    sums = memory.allocate(4L * Shape.ROWS);
    losses = memory.allocate(4L * ROWS);
    argmaxes = memory.allocate(4L * ROWS);
    targets = memory.allocate(4L * ROWS);
  }

  @TearDown(Level.Trial)
  public void close() {
    memory.close();
  }

  /// 128 rows, 64 columns.
  @Benchmark
  public void softmaxOfTile() {
    SoftmaxTile.exponentials(space, logits, Shape.ROWS, exponentials, 64, largest, sums, 1);
  }

  /// 4 rows, 49,152 columns.
  @Benchmark
  public void crossEntropy() {
    CrossEntropy.forward(
        sums, losses, argmaxes, logits, Shape.VOCABULARY, targets, ROWS, Shape.VOCABULARY);
  }

  /// 4 rows, 49,152 columns.
  @Benchmark
  public void crossEntropyBackward() {
    CrossEntropy.backward(
        exponentials,
        Shape.VOCABULARY,
        logits,
        Shape.VOCABULARY,
        sums,
        targets,
        ROWS,
        Shape.VOCABULARY,
        1);
  }
}
