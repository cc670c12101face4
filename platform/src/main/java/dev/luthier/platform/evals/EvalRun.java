package dev.luthier.platform.evals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One go through the rows of an eval.
///
/// @param model that is judged; empty where rows bring what is judged
/// @param source of the rows, as the API writes it: JSON, see [RunSource#read]
/// @param usage of every model that was asked, judging ones too
/// @param criteria how many rows passed each criterion of the eval, in their order
public record EvalRun(
    String id,
    String evalId,
    String name,
    Instant createdAt,
    Map<String, String> metadata,
    String model,
    String source,
    EvalRunState state,
    Counts counts,
    List<ModelUsage> usage,
    List<CriterionCounts> criteria,
    Optional<Failure> failure) {
  public static final String ID_PATTERN = "evalrun_[A-Za-z0-9]{32}";

  /// How many rows came out how; an errored one could not be answered or not be judged.
  public record Counts(int total, int errored, int failed, int passed) {}

  /// What one model read and wrote.
  public record ModelUsage(
      String model, int invocations, long promptTokens, long completionTokens, long cachedTokens) {
    ModelUsage and(ModelUsage other) {
      return new ModelUsage(
          model,
          invocations + other.invocations,
          promptTokens + other.promptTokens,
          completionTokens + other.completionTokens,
          cachedTokens + other.cachedTokens);
    }
  }

  /// How many rows passed a criterion and how many did not.
  public record CriterionCounts(String name, int passed, int failed) {}

  /// Why a run could not be done.
  public record Failure(String code, String message) {}

  public EvalRun {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata)); // in its order
    usage = List.copyOf(usage);
    criteria = List.copyOf(criteria);
  }

  EvalRun entered(EvalRunState next) {
    return with(next, counts, usage, criteria, failure);
  }

  EvalRun begun(int rows) {
    return with(
        EvalRunState.IN_PROGRESS,
        new Counts(rows, counts.errored(), counts.failed(), counts.passed()),
        usage,
        criteria,
        failure);
  }

  EvalRun failed(Failure why) {
    return with(EvalRunState.FAILED, counts, usage, criteria, Optional.of(why));
  }

  /// With one more row judged.
  EvalRun judged(Judged row) {
    Counts more =
        switch (row.item().outcome()) {
          case PASS ->
              new Counts(counts.total(), counts.errored(), counts.failed(), counts.passed() + 1);
          case FAIL ->
              new Counts(counts.total(), counts.errored(), counts.failed() + 1, counts.passed());
          case ERROR ->
              new Counts(counts.total(), counts.errored() + 1, counts.failed(), counts.passed());
        };
    return with(state, more, added(row.usage()), counted(row.passed()), failure);
  }

  private List<ModelUsage> added(List<ModelUsage> more) {
    Map<String, ModelUsage> byModel = new LinkedHashMap<>();
    usage.forEach(each -> byModel.merge(each.model(), each, ModelUsage::and));
    more.forEach(each -> byModel.merge(each.model(), each, ModelUsage::and));
    return List.copyOf(byModel.values());
  }

  private List<CriterionCounts> counted(List<Boolean> passed) {
    List<CriterionCounts> next = new ArrayList<>(criteria);
    for (int i = 0; i < passed.size(); i++) {
      CriterionCounts now = next.get(i);
      next.set(
          i,
          new CriterionCounts(
              now.name(),
              now.passed() + (passed.get(i) ? 1 : 0),
              now.failed() + (passed.get(i) ? 0 : 1)));
    }
    return next;
  }

  private EvalRun with(
      EvalRunState nextState,
      Counts nextCounts,
      List<ModelUsage> nextUsage,
      List<CriterionCounts> nextCriteria,
      Optional<Failure> nextFailure) {
    return new EvalRun(
        id,
        evalId,
        name,
        createdAt,
        metadata,
        model,
        source,
        nextState,
        nextCounts,
        nextUsage,
        nextCriteria,
        nextFailure);
  }
}
