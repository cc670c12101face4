package dev.luthier.platform.evals;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.MetadataRules;
import dev.luthier.platform.Page;
import dev.luthier.platform.PageRequest;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.graders.Graders;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Keeps evals and takes orders for their runs, which an [EvalRunner] does. Safe for many threads.
public final class EvalService {
  private static final int NAME_MAX = 256;

  private final Collaborators with;
  private final Identifiers identifiers;
  private final Clock clock;

  /// What the service works with.
  public record Collaborators(
      EvalStore evals, RowReader rows, Models models, Transactions transactions) {}

  /// Knows the models.
  @FunctionalInterface
  public interface Models {
    /// The own name of the model behind a name; an `ApiException` if there is none.
    String ownName(String name);
  }

  /// What an eval or a run is called; without a name it gets one.
  public record Label(Optional<String> name, Map<String, String> metadata) {
    public Label {
      metadata = Map.copyOf(metadata);
    }

    private void check() {
      MetadataRules.check(metadata);
      name.ifPresent(text -> {
        if (text.length() > NAME_MAX) {
          throw ApiException.stringTooLong("name", NAME_MAX, text.length());
        }
      });
    }
  }

  public EvalService(Collaborators with, Identifiers identifiers, Clock clock) {
    this.with = with;
    this.identifiers = identifiers;
    this.clock = clock;
  }

  /// Keeps a new eval; durable when this returns.
  ///
  /// @param config what rows hold, as the API writes it
  /// @param criteria graders, as the API writes them
  public Eval create(Label label, JsonNode config, JsonNode criteria) {
    label.check();
    JsonNode answered = DataSourceConfig.read(config, "data_source_config");
    List<Criterion> read = Criterion.read(criteria, "testing_criteria");
    read.forEach(criterion ->
        Graders.models(criterion.grader()).forEach(name -> with.models().ownName(name)));
    Instant now = clock.instant();
    Eval eval =
        new Eval(
            identifiers.eval(),
            label.name().orElseGet(() -> read.getFirst().grader().name()),
            now,
            now,
            label.metadata(),
            answered.toString(),
            criteria.toString());
    with.evals().insert(eval);
    return eval;
  }

  public Eval get(String id) {
    return Optional.of(id)
        .filter(text -> text.matches(Eval.ID_PATTERN))
        .flatMap(with.evals()::find)
        .orElseThrow(() -> unknown("eval", id, "eval_id"));
  }

  public Page<Eval> list(EvalStore.EvalQuery query) {
    return page(with.evals().list(query), query.page());
  }

  /// Changes what is given and leaves the rest.
  public Eval update(String id, Optional<String> name, Optional<Map<String, String>> metadata) {
    return with.transactions()
        .call(() -> {
          Eval eval = get(id);
          Label label =
              new Label(Optional.of(name.orElse(eval.name())), metadata.orElse(eval.metadata()));
          label.check();
          Eval changed =
              new Eval(
                  id,
                  label.name().orElse(eval.name()),
                  eval.createdAt(),
                  clock.instant(),
                  label.metadata(),
                  eval.config(),
                  eval.criteria());
          with.evals().update(changed);
          return changed;
        });
  }

  /// With its runs; those under way end.
  public void delete(String id) {
    with.transactions()
        .run(() -> {
          get(id);
          with.evals().delete(id);
        });
  }

  /// Orders a run; durable when this returns.
  ///
  /// @param source as the API writes it
  public EvalRun createRun(String evalId, Label label, JsonNode source) {
    label.check();
    RunSource read = RunSource.read(source, "data_source");
    with.rows().check(read.rows());
    String model =
        read.question().map(question -> with.models().ownName(question.model())).orElse("");
    return with.transactions()
        .call(() -> {
          Eval eval = get(evalId);
          EvalRun run =
              new EvalRun(
                  identifiers.evalRun(),
                  evalId,
                  label.name().orElse(model.isEmpty() ? eval.name() : model),
                  clock.instant(),
                  label.metadata(),
                  model,
                  source.toString(),
                  EvalRunState.QUEUED,
                  new EvalRun.Counts(0, 0, 0, 0),
                  List.of(),
                  criteria(eval).stream()
                      .map(each -> new EvalRun.CriterionCounts(each.grader().name(), 0, 0))
                      .toList(),
                  Optional.empty());
          with.evals().insertRun(run);
          return run;
        });
  }

  static List<Criterion> criteria(Eval eval) {
    return Criterion.read(JsonMapper.shared().readTree(eval.criteria()), "testing_criteria");
  }

  public EvalRun getRun(String evalId, String runId) {
    return Optional.of(runId)
        .filter(text -> text.matches(EvalRun.ID_PATTERN))
        .flatMap(with.evals()::findRun)
        .filter(run -> run.evalId().equals(evalId))
        .orElseThrow(() -> unknown("run of eval " + ApiException.shown(evalId), runId, "run_id"));
  }

  public Page<EvalRun> listRuns(EvalStore.RunQuery query) {
    get(query.evalId());
    return page(with.evals().listRuns(query), query.page());
  }

  /// No further row is asked; what is judged stays.
  public EvalRun cancelRun(String evalId, String runId) {
    return with.transactions()
        .call(() -> {
          EvalRun run = getRun(evalId, runId);
          if (run.state().ended()) {
            throw new ApiException(
                ErrorCode.INVALID_REQUEST,
                "Cannot cancel run %s, whose status is '%s': it has ended."
                    .formatted(runId, run.state().text()),
                Optional.of("run_id"));
          }
          EvalRun canceled = run.entered(EvalRunState.CANCELED);
          with.evals().updateRun(canceled);
          return canceled;
        });
  }

  /// With what came out of it; one under way ends.
  public void deleteRun(String evalId, String runId) {
    with.transactions()
        .run(() -> {
          getRun(evalId, runId);
          with.evals().deleteRun(runId);
        });
  }

  public Page<OutputItem> items(String evalId, EvalStore.ItemQuery query) {
    getRun(evalId, query.runId());
    return page(with.evals().listItems(query), query.page());
  }

  public OutputItem item(String evalId, String runId, String itemId) {
    getRun(evalId, runId);
    return Optional.of(itemId)
        .filter(text -> text.matches(OutputItem.ID_PATTERN))
        .flatMap(with.evals()::findItem)
        .filter(item -> item.runId().equals(runId))
        .orElseThrow(() -> unknown("output item of run " + runId, itemId, "output_item_id"));
  }

  private static <T> Page<T> page(Optional<List<T>> rows, PageRequest page) {
    return rows.map(some -> Page.cut(some, page.limit()))
        .orElseThrow(() ->
            ApiException.invalidValue(
                "after",
                ApiException.shown(page.after().orElse("")),
                "It is not the id of an entry of this list."));
  }

  private static ApiException unknown(String what, String id, String param) {
    return new ApiException(
        ErrorCode.NOT_FOUND,
        "No %s found with id '%s'.".formatted(what, ApiException.shown(id)),
        Optional.of(param));
  }
}
