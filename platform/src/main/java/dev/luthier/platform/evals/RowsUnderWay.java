package dev.luthier.platform.evals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The rows of one run, a few at a time, each on a thread of its own.
final class RowsUnderWay implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(RowsUnderWay.class);

  private final String runId;
  private final int[] numbers;
  private final Work work;
  private final Consumer<Judged> keep;
  private final EvalRunner.Pace pace;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<Optional<Exception>> failure =
      new AtomicReference<>(Optional.empty());
  private final List<Thread> threads;

  private volatile boolean closed;

  /// What is done with a row.
  @FunctionalInterface
  interface Work {
    Judged row(int number) throws InterruptedException;
  }

  /// Starts at once.
  ///
  /// @param numbers of the rows
  /// @param keep makes what came out durable
  RowsUnderWay(
      String runId, int[] numbers, Work work, Consumer<Judged> keep, EvalRunner.Pace pace) {
    this.runId = runId;
    this.numbers = numbers.clone();
    this.work = work;
    this.keep = keep;
    this.pace = pace;
    this.threads =
        IntStream.range(0, Math.min(pace.atOnce(), numbers.length))
            .mapToObj(_ -> Thread.ofVirtual().name("eval-row").start(this::all))
            .toList();
  }

  String runId() {
    return runId;
  }

  boolean ended() {
    return threads.stream().noneMatch(Thread::isAlive);
  }

  /// What kept rows from being judged.
  Optional<Exception> failure() {
    return failure.get();
  }

  private void all() {
    try {
      while (failure().isEmpty()) {
        int index = next.getAndIncrement();
        if (index >= numbers.length) {
          return;
        }
        pace.turn().await();
        Judged judged = work.row(numbers[index]);
        if (closed) { // what failed because it was cut off is no result
          return;
        }
        keep.accept(judged);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: what was on its way is not kept
    } catch (RuntimeException e) {
      failure.set(Optional.of(e));
    }
  }

  /// Ends the asking; rows on their way are not judged.
  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        if (!thread.join(CLOSE_WAIT)) {
          log.warn("a row of {} does not end; it is left alone", runId);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
