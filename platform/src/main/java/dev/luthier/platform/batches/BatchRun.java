package dev.luthier.platform.batches;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One batch whose lines are being asked, a few at a time, each on a thread of its own. Every
/// answer is durable before the next line is asked in its place.
final class BatchRun implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(BatchRun.class);

  private final Batch batch;
  private final BatchLines lines;
  private final BatchStore batches;
  private final AnswerLines written;
  private final Asking asking;
  private final List<Thread> askers;
  private final AtomicReference<Optional<Exception>> failure =
      new AtomicReference<>(Optional.empty());

  /// How lines are asked.
  ///
  /// @param atOnce how many lines are on their way
  /// @param turn returns when the next line may be asked
  record Asking(LineAnswers answers, int atOnce, Turn turn) {}

  /// Starts at once.
  BatchRun(Batch batch, BatchLines lines, BatchStore batches, AnswerLines written, Asking asking) {
    this.batch = batch;
    this.lines = lines;
    this.batches = batches;
    this.written = written;
    this.asking = asking;
    this.askers =
        IntStream.range(0, asking.atOnce())
            .mapToObj(_ -> Thread.ofVirtual().name("batch-line").start(this::askAll))
            .toList();
  }

  String batchId() {
    return batch.id();
  }

  /// Whether nobody asks any more: all is answered, or something has failed.
  boolean ended() {
    return askers.stream().noneMatch(Thread::isAlive);
  }

  /// What kept lines from being asked; what was not asked can be asked in another run.
  Optional<Exception> failure() {
    return failure.get();
  }

  private void askAll() {
    try {
      while (failure().isEmpty()) {
        asking.turn().await();
        Optional<BatchLine> line = next();
        if (line.isEmpty()) {
          return;
        }
        batches.insertAnswer(
            batch.id(),
            written.answered(
                line.get(), asking.answers().ask(batch.order().endpoint(), line.get().body())));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: what was on its way is not kept
    } catch (IOException | RuntimeException e) {
      failure.set(Optional.of(e));
    }
  }

  private Optional<BatchLine> next() throws IOException {
    synchronized (lines) {
      return lines.next();
    }
  }

  /// Ends the asking; lines on their way are not answered.
  @Override
  public void close() {
    askers.forEach(Thread::interrupt);
    try {
      for (Thread asker : askers) {
        if (!asker.join(CLOSE_WAIT)) {
          log.warn("a line of {} does not end; it is left alone", batch.id());
        }
      }
      lines.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      log.warn("the file of {} cannot be closed", batch.id(), e);
    }
  }
}
