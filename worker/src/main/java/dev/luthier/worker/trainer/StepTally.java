package dev.luthier.worker.trainer;

import dev.luthier.engine.train.Answering;
import dev.luthier.wire.internal.GradeAnswer;
import dev.luthier.wire.internal.GradeRequest;
import dev.luthier.wire.internal.StepDetail;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// What a step of reinforcement came to beside its rewards: what each grader said, and where the
/// time went. Belongs to the training thread.
final class StepTally {
  private static final double NANOS_PER_SECOND = 1e9;

  /// What is counted of every grader, so that 0 is told too.
  private static final List<String> ERRORS =
      List.of("other_error", "sample_parse_error", "invalid_variable_error");

  /// And of those that ask a model.
  private static final List<String> MODEL_ERRORS =
      List.of("model_grader_server_error", "model_grader_parse_error");

  private final LongSupplier nanoTime;
  private final Map<Whose, Sums> graders = new LinkedHashMap<>();
  private double drawingSeconds;
  private double samplingSeconds;
  private double gradingSeconds;
  private double evaluatingSeconds;

  /// A tally of no step yet.
  ///
  /// @param nanoTime a clock as [System#nanoTime]
  StepTally(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  private record Whose(boolean validation, String name) {}

  private static final class Sums {
    private final GradeAnswer.Part first;
    private final Map<String, Integer> errors = new TreeMap<>();
    private int count;
    private double reward;
    private double seconds;
    private double promptTokens;
    private double cachedTokens;
    private double completionTokens;

    Sums(GradeAnswer.Part first) {
      this.first = first;
      ERRORS.forEach(error -> errors.put(error, 0));
      first.model().ifPresent(_ -> MODEL_ERRORS.forEach(error -> errors.put(error, 0)));
    }

    void add(GradeAnswer.Part part) {
      count++;
      reward += part.reward();
      seconds += part.seconds();
      promptTokens += part.promptTokens();
      cachedTokens += part.cachedTokens();
      completionTokens += part.completionTokens();
      part.errors().forEach(error -> errors.merge(error, 1, Integer::sum));
    }

    void tell(String which, Map<String, Double> figures) {
      put(figures, which + "reward_mean", reward / count);
      put(figures, which + "execution_latency_mean", seconds / count);
      errors.forEach((error, times) -> {
        put(figures, which + error + "_mean", (double) times / count);
        put(figures, which + error + "_count", times);
      });
      if (first.model().isPresent()) {
        put(figures, which + "prompt_tokens_mean", promptTokens / count);
        put(figures, which + "prompt_tokens_count", promptTokens);
        put(figures, which + "cached_tokens_count", cachedTokens);
        put(figures, which + "completion_tokens_mean", completionTokens / count);
        put(figures, which + "completion_tokens_count", completionTokens);
      }
    }

    private void put(Map<String, Double> figures, String what, double value) {
      figures.put(StepDetail.grader(what, first).measure(), value);
    }
  }

  /// The same way of drawing, of which the time is taken.
  Answering timed(Answering answering) {
    return (weights, wanted) -> {
      long begun = nanoTime.getAsLong();
      var answers = answering.draw(weights, wanted);
      drawingSeconds += secondsSince(begun);
      return answers;
    };
  }

  /// Judges the answers that were drawn last.
  GradeAnswer timed(boolean validation, GradeRequest request, ServerRewards.Grading by) {
    long begun = nanoTime.getAsLong();
    var grades = by.grade(request);
    double seconds = secondsSince(begun);
    if (validation) {
      evaluatingSeconds += drawingSeconds + seconds;
    } else {
      samplingSeconds += drawingSeconds;
      gradingSeconds += seconds;
    }
    drawingSeconds = 0;
    for (var grade : grades.grades()) {
      for (var part : grade.parts()) {
        graders.computeIfAbsent(new Whose(validation, part.name()), _ -> new Sums(part)).add(part);
      }
    }
    return grades;
  }

  private double secondsSince(long begun) {
    return (nanoTime.getAsLong() - begun) / NANOS_PER_SECOND;
  }

  /// What there is of the step that has just ended, and begins anew.
  Map<String, Double> take(double stepSeconds) {
    var figures = new TreeMap<String, Double>();
    graders.forEach((whose, sums) -> sums.tell(whose.validation() ? "valid_" : "train_", figures));
    double others = samplingSeconds + gradingSeconds + evaluatingSeconds;
    timing(figures, "sampling", samplingSeconds);
    timing(figures, "eval", evaluatingSeconds);
    timing(figures, "training", Math.max(0, stepSeconds - others));
    timing(figures, "full_iteration", stepSeconds);
    graders.clear();
    samplingSeconds = 0;
    gradingSeconds = 0;
    evaluatingSeconds = 0;
    return figures;
  }

  private static void timing(Map<String, Double> figures, String what, double seconds) {
    figures.put(StepDetail.timing(what).measure(), seconds);
  }
}
