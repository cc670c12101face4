package dev.luthier.benchmarks.kernels;

import dev.luthier.engine.kernel.Attention;
import dev.luthier.engine.kernel.AttentionGradient;
import dev.luthier.engine.kernel.Brgemm;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Strided;
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

/// One head of one document, there and back. Needs a processor with matrix units.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 1)
public class AttentionBenchmark {
  @Param({"64", "150", "512"})
  private int length;

  private Memory memory;
  private Attention attention;
  private AttentionGradient gradient;
  private Strided q;
  private Strided k;
  private Strided v;
  private Strided out;
  private Strided dOut;
  private Strided dq;
  private long logSums;
  private long partial;

  @Setup(Level.Trial)
  public void allocate() {
    memory = new Memory();
    attention = new Attention(memory, Shape.HEAD, length);
    gradient = new AttentionGradient(memory, Shape.HEAD, length);
    q = Shape.rows(memory, length, Shape.QKV);
    k = new Strided(q.address() + 2L * Shape.HIDDEN, q.stride());
    v = new Strided(k.address() + 2L * 3 * Shape.HEAD, q.stride());
    out = Shape.rows(memory, length, Shape.HIDDEN);
    dOut = Shape.rows(memory, length, Shape.HIDDEN);
    dq = Shape.rows(memory, length, Shape.QKV);
    logSums = memory.allocate(4L * length);
    partial = memory.allocate(AttentionGradient.partialBytes(length, Shape.HEAD));
    attention.keys(0, length, k, v);
    attention.forward(0, length, q, out, logSums);
    gradient.keys(0, length, k, v);
  }

  @TearDown(Level.Trial)
  public void close() {
    Brgemm.release();
    memory.close();
  }

  @Benchmark
  public void keys() {
    attention.keys(0, length, k, v);
  }

  @Benchmark
  public void forward() {
    attention.forward(0, length, q, out, logSums);
  }

  @Benchmark
  public void backward() {
    gradient.head(0, length, q, out, dOut, logSums, dq, partial);
  }
}
