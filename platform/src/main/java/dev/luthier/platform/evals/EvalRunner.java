package dev.luthier.platform.evals;

import dev.luthier.platform.Transactions;
import dev.luthier.platform.batches.Turn;
import dev.luthier.platform.errors.ApiException;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Does what runs of evals order, one after the other. Stepped by [#tick]; a run that one life of
/// the server has not ended the next goes on with, at the rows that are not judged. Belongs to one
/// thread.
public final class EvalRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EvalRunner.class);

  private final EvalStore evals;
  private final RowReader rows;
  private final RowJudge judge;
  private final Pace pace;
  private final Transactions transactions;
  private Optional<RowsUnderWay> underWay = Optional.empty();

  /// How rows are asked.
  ///
  /// @param atOnce how many are on their way, at least 1
  /// @param turn returns when the next may be asked
  public record Pace(int atOnce, Turn turn) {}

  public EvalRunner(
      EvalStore evals, RowReader rows, RowJudge judge, Pace pace, Transactions transactions) {
    this.evals = evals;
    this.rows = rows;
    this.judge = judge;
    this.pace = pace;
    this.transactions = transactions;
  }

  /// One step: takes on the oldest run, or sees how the one under way is doing.
  ///
  /// @return whether a run is under way, or the next can be taken on
  public boolean tick() {
    underWay.ifPresent(this::watch);
    if (underWay.isPresent()) {
      return true;
    }
    Optional<EvalRun> next = evals.unfinishedRuns().stream().findFirst();
    next.ifPresent(this::take);
    return next.isPresent();
  }

  private void watch(RowsUnderWay current) {
    boolean wanted =
        evals
            .findRun(current.runId())
            .filter(run -> run.state() == EvalRunState.IN_PROGRESS)
            .isPresent();
    if (wanted && !current.ended()) {
      return;
    }
    current.close();
    underWay = Optional.empty();
    if (wanted) {
      change(
          current.runId(),
          run ->
              current
                  .failure()
                  .map(failure -> run.failed(failure(failure)))
                  .orElseGet(() -> run.entered(EvalRunState.COMPLETED)));
    }
  }

  private void take(EvalRun run) {
    try {
      Eval eval = evals.find(run.evalId()).orElseThrow();
      RunSource source = RunSource.read(JsonMapper.shared().readTree(run.source()), "data_source");
      List<RowReader.Row> all = rows.read(source.rows());
      change(run.id(), now -> now.begun(all.size()));
      BitSet judged = evals.judged(run.id());
      RowJudge.Order order =
          new RowJudge.Order(
              run,
              JsonMapper.shared().readTree(eval.config()).at("/schema/properties/item"),
              source.question(),
              EvalService.criteria(eval));
      underWay =
          Optional.of(
              new RowsUnderWay(
                  run.id(),
                  IntStream.range(0, all.size()).filter(number -> !judged.get(number)).toArray(),
                  number -> judge.judge(order, number, all.get(number)),
                  this::keep,
                  pace));
    } catch (IOException | RuntimeException e) {
      log.warn("{} cannot be run", run.id(), e);
      change(run.id(), now -> now.failed(failure(e)));
    }
  }

  private void keep(Judged judged) {
    transactions.run(() ->
        evals
            .findRun(judged.item().runId())
            .filter(run -> run.state() == EvalRunState.IN_PROGRESS)
            .ifPresent(run -> {
              if (evals.insertItem(judged.item())) {
                evals.updateRun(run.judged(judged));
              }
            }));
  }

  /// Changes a run that has not ended.
  private void change(String runId, UnaryOperator<EvalRun> edit) {
    transactions.run(() ->
        evals
            .findRun(runId)
            .filter(run -> !run.state().ended())
            .ifPresent(run -> evals.updateRun(edit.apply(run))));
  }

  private static EvalRun.Failure failure(Exception why) {
    return switch (why) {
      case ApiException refused ->
          new EvalRun.Failure(refused.code().code().orElse("invalid_request"), refused.text());
      default ->
          new EvalRun.Failure(
              "server_error",
              "The run stopped: %s. Start it again; the server's log says more.".formatted(why));
    };
  }

  /// Ends the asking; the next life of the server goes on with it.
  @Override
  public void close() {
    underWay.ifPresent(RowsUnderWay::close);
    underWay = Optional.empty();
  }
}
