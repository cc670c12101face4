package dev.luthier.platform.batches;

import dev.luthier.platform.Happenings;
import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.files.BlobStore;
import dev.luthier.platform.files.FilePurpose;
import dev.luthier.platform.files.FileService;
import dev.luthier.platform.files.FileStore;
import dev.luthier.platform.files.StoredFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what batches order: checks their files, asks their lines, one batch after the other, and
/// writes the answers. Stepped by [#tick]; what one life of the server has not ended, the next
/// takes up. Belongs to one thread.
public final class BatchRunner implements AutoCloseable {
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);
  private static final int EXPIRED_AT_ONCE = 500;
  private static final Logger log = LoggerFactory.getLogger(BatchRunner.class);

  private final Collaborators with;
  private final BatchRun.Asking asking;
  private final AnswerLines written;
  private final Clock clock;
  private Optional<BatchRun> run = Optional.empty();
  private Instant notBefore = Instant.MIN;

  /// What the runner works with; closed by whoever made it.
  ///
  /// @param models whether a name is that of a model which can be asked
  /// @param happenings hears of batches that end
  public record Collaborators(
      BatchStore batches,
      FileService files,
      FileStore fileRows,
      BlobStore blobs,
      Predicate<String> models,
      LineAnswers answers,
      Happenings happenings,
      Transactions transactions) {}

  /// How lines are asked.
  ///
  /// @param atOnce how many are on their way, at least 1
  /// @param turn returns when the next may be asked
  /// @param retryWait before a line is asked again that met a failure of the server's; doubles
  public record Pace(int atOnce, Turn turn, Duration retryWait) {}

  public BatchRunner(Collaborators with, Pace pace, Identifiers identifiers, Clock clock) {
    this.with = with;
    this.asking =
        new BatchRun.Asking(
            new PatientAnswers(with.answers(), pace.retryWait()), pace.atOnce(), pace.turn());
    this.written = new AnswerLines(identifiers);
    this.clock = clock;
  }

  /// One step of every batch that has not ended.
  ///
  /// @return whether there are such batches
  public boolean tick() {
    List<Batch> unfinished = with.batches().unfinished();
    for (Batch batch : unfinished) {
      try {
        step(batch);
      } catch (IOException | RuntimeException e) {
        log.error("{} cannot be taken on now; it is tried again", batch.id(), e);
        notBefore = clock.instant().plus(AFTER_FAILURE);
      }
    }
    return !unfinished.isEmpty();
  }

  private void step(Batch batch) throws IOException {
    switch (batch.state()) {
      case VALIDATING -> validate(batch);
      case IN_PROGRESS -> progress(batch);
      case FINALIZING -> finish(batch, BatchState.COMPLETED);
      case CANCELLING -> {
        halt(batch);
        finish(batch, BatchState.CANCELLED);
      }
      case FAILED, COMPLETED, EXPIRED, CANCELLED -> {}
    }
  }

  private void validate(Batch batch) throws IOException {
    BatchFile.Findings found;
    try (var content = with.blobs().open(batch.order().inputFileId())) {
      found = BatchFile.check(content, batch.order().endpoint(), with.models());
    }
    BatchState next = found.errors().isEmpty() ? BatchState.IN_PROGRESS : BatchState.FAILED;
    change(
        batch.id(),
        BatchState.VALIDATING,
        now -> now.checked(found.model(), found.errors(), found.lines()),
        next);
  }

  private void progress(Batch batch) throws IOException {
    if (!clock.instant().isBefore(batch.expiresAt())) {
      halt(batch);
      expireRest(batch);
      finish(batch, BatchState.EXPIRED);
    } else if (run.isEmpty()) {
      start(batch);
    } else if (run.get().batchId().equals(batch.id()) && run.get().ended()) {
      Optional<Exception> failure = run.get().failure();
      halt(batch);
      if (failure.isPresent()) {
        log.error("{} stopped; it goes on in a while", batch.id(), failure.get());
        notBefore = clock.instant().plus(AFTER_FAILURE);
      } else {
        change(batch.id(), BatchState.IN_PROGRESS, now -> now, BatchState.FINALIZING);
      }
    }
  }

  private void start(Batch batch) throws IOException {
    if (clock.instant().isBefore(notBefore)) {
      return;
    }
    run = Optional.of(new BatchRun(batch, lines(batch), with.batches(), written, asking));
  }

  /// Those that are not answered.
  private BatchLines lines(Batch batch) throws IOException {
    return new BatchLines(
        with.blobs().open(batch.order().inputFileId()), with.batches().answered(batch.id()));
  }

  private void halt(Batch batch) {
    if (run.filter(running -> running.batchId().equals(batch.id())).isPresent()) {
      run.get().close();
      run = Optional.empty();
    }
  }

  private void expireRest(Batch batch) throws IOException {
    try (BatchLines rest = lines(batch)) {
      List<BatchAnswer> some = new ArrayList<>();
      for (var line = rest.next(); line.isPresent(); line = rest.next()) {
        some.add(written.expired(line.get()));
        if (some.size() == EXPIRED_AT_ONCE) {
          keep(batch, some);
          some.clear();
        }
      }
      keep(batch, some);
    }
  }

  private void keep(Batch batch, List<BatchAnswer> answers) {
    with.transactions()
        .run(() -> answers.forEach(answer -> with.batches().insertAnswer(batch.id(), answer)));
  }

  /// Writes the files and ends the batch.
  private void finish(Batch batch, BatchState end) {
    Optional<StoredFile> output = file(batch, false);
    Optional<StoredFile> errors = file(batch, true);
    with.transactions()
        .run(() -> {
          boolean ended =
              change(
                  batch.id(),
                  batch.state(),
                  now -> now.written(output.map(StoredFile::id), errors.map(StoredFile::id)),
                  end);
          if (ended) { // else it was cancelled meanwhile, and the next step writes the files again
            output.ifPresent(with.fileRows()::insert);
            errors.ifPresent(with.fileRows()::insert);
            with.batches().removeAnswers(batch.id());
          }
        });
  }

  /// Empty when there is nothing to write.
  private Optional<StoredFile> file(Batch batch, boolean failed) {
    if (with.batches().answers(batch.id(), failed, 0, 1).isEmpty()) {
      return Optional.empty();
    }
    try (var content = new AnswerStream(with.batches(), batch.id(), failed)) {
      return Optional.of(
          with.files()
              .prepare(
                  "%s_%s.jsonl".formatted(batch.id(), failed ? "error" : "output"),
                  FilePurpose.BATCH_OUTPUT,
                  content,
                  batch.order().outputSeconds()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the answers of " + batch.id(), e);
    }
  }

  /// Takes a batch from one state to the next; false when it has left the first meanwhile.
  private boolean change(String id, BatchState from, UnaryOperator<Batch> edit, BatchState to) {
    return with.transactions()
        .call(() -> {
          Optional<Batch> current = with.batches().find(id).filter(now -> now.state() == from);
          current.ifPresent(
              now -> with.batches().update(edit.apply(now).entered(to, clock.instant())));
          if (current.isPresent() && to.ended()) {
            with.happenings().happened("batch." + to.text(), id);
          }
          return current.isPresent();
        });
  }

  /// Ends the asking; the next life of the server goes on with it.
  @Override
  public void close() {
    run.ifPresent(BatchRun::close);
    run = Optional.empty();
  }
}
