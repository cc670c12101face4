package dev.luthier.platform.graders;

import dev.luthier.platform.errors.ApiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Judges answers. Safe for many threads.
///
/// What goes wrong while an answer is judged is part of the judgement, with a reward of 0 (or the
/// nearest to it in a range of scores); an interrupt and a fault of ours are thrown.
public final class Graders {
  /// The most tokens of a judgement, where a grader does not say.
  public static final int JUDGE_TOKENS = 512;

  private final Judge judge;
  private final LongSupplier nanos;

  /// Judges with the help of models.
  ///
  /// @param nanos tells how long a judgement takes
  public Graders(Judge judge, LongSupplier nanos) {
    this.judge = judge;
    this.nanos = nanos;
  }

  /// What `grader` makes of a sample.
  ///
  /// @param item the row that the sample answers; templates read it as `item`
  public Grade grade(Grader grader, Sample sample, JsonNode item) {
    return grade(grader, Scope.of(item, sample));
  }

  /// The models that a grader asks, by the names that it gives them.
  public static Set<String> models(Grader grader) {
    return switch (grader) {
      case Grader.StringCheck _, Grader.TextSimilarity _ -> Set.of();
      case Grader.ScoreModel model -> Set.of(model.model());
      case Grader.LabelModel model -> Set.of(model.model());
      case Grader.Multi multi ->
          multi.graders().values().stream()
              .flatMap(part -> models(part).stream())
              .collect(Collectors.toUnmodifiableSet());
    };
  }

  /// The places of a grader's templates that name something of a row that this row does not have.
  public static List<String> missing(Grader grader, JsonNode item) {
    return templates(grader)
        .flatMap(template -> template.missing(item).stream())
        .distinct()
        .toList();
  }

  private static Stream<Template> templates(Grader grader) {
    return switch (grader) {
      case Grader.StringCheck check -> Stream.of(check.input(), check.reference());
      case Grader.TextSimilarity similarity ->
          Stream.of(similarity.input(), similarity.reference());
      case Grader.ScoreModel model -> model.input().stream().map(MessageTemplate::content);
      case Grader.LabelModel model -> model.input().stream().map(MessageTemplate::content);
      case Grader.Multi multi -> multi.graders().values().stream().flatMap(Graders::templates);
    };
  }

  private Grade grade(Grader grader, Scope scope) {
    long start = nanos.getAsLong();
    try {
      return switch (grader) {
        case Grader.StringCheck check ->
            score(
                check,
                check.operation().holds(check.input().fill(scope), check.reference().fill(scope))
                    ? 1
                    : 0,
                start);
        case Grader.TextSimilarity similarity ->
            score(
                similarity,
                similarity
                    .metric()
                    .of(similarity.input().fill(scope), similarity.reference().fill(scope)),
                start);
        case Grader.ScoreModel model -> scoreBy(model, scope, start);
        case Grader.LabelModel model -> labelBy(model, scope, start);
        case Grader.Multi multi -> multi(multi, scope, start);
      };
    } catch (TemplateException e) {
      var kind =
          e.sampleUnread() ? GradeErrors.Kind.SAMPLE_PARSE : GradeErrors.Kind.INVALID_VARIABLE;
      return failed(grader, GradeErrors.of(kind, e.text()), List.of(), start);
    }
  }

  private Grade scoreBy(Grader.ScoreModel grader, Scope scope, long start) {
    return judged(
        grader,
        new Judge.Question(
            grader.model(),
            MessageTemplate.fill(grader.input(), scope),
            Judgement.numberSchema(),
            grader.sampling(),
            grader.sampling().tokensMax().orElse(JUDGE_TOKENS)),
        text -> grader.range().clip(Judgement.number(text)),
        start);
  }

  private Grade labelBy(Grader.LabelModel grader, Scope scope, long start) {
    return judged(
        grader,
        new Judge.Question(
            grader.model(),
            MessageTemplate.fill(grader.input(), scope),
            Judgement.labelSchema(grader.labels()),
            grader.sampling(),
            grader.sampling().tokensMax().orElse(JUDGE_TOKENS)),
        text -> grader.passingLabels().contains(Judgement.label(text, grader.labels())) ? 1 : 0,
        start);
  }

  /// Reads a reward from what a model said.
  private interface Reading {
    /// @throws IllegalArgumentException if it is not there
    double reward(String text);
  }

  private Grade judged(Grader grader, Judge.Question question, Reading reading, long start) {
    Judge.Answer answer;
    try {
      answer = judge.ask(question);
    } catch (ApiException e) {
      return failed(
          grader, GradeErrors.of(GradeErrors.Kind.MODEL_SERVER, e.text()), List.of(), start);
    }
    List<Grade.Asked> asked = List.of(new Grade.Asked(question, answer));
    try {
      double reward = reading.reward(answer.text());
      return new Grade(
          reward, GradeErrors.NONE, Map.of(grader.name(), reward), Map.of(), asked, since(start));
    } catch (IllegalArgumentException e) {
      return failed(
          grader,
          GradeErrors.of(GradeErrors.Kind.MODEL_PARSE, String.valueOf(e.getMessage())),
          asked,
          start);
    }
  }

  private Grade multi(Grader.Multi multi, Scope scope, long start) {
    Map<String, Grade> parts = new LinkedHashMap<>();
    Map<String, Double> scores = new LinkedHashMap<>();
    List<Grade.Asked> asked = new ArrayList<>();
    GradeErrors errors = GradeErrors.NONE;
    for (var part : multi.graders().entrySet()) {
      Grade grade = grade(part.getValue(), scope);
      parts.put(part.getKey(), grade);
      scores.put(part.getKey(), grade.reward());
      asked.addAll(grade.asked());
      errors = errors.and(grade.errors());
    }
    double value = multi.formula().value(multi.rewards(scores));
    if (!Double.isFinite(value)) {
      errors =
          errors.and(
              GradeErrors.of(
                  GradeErrors.Kind.FORMULA_PARSE,
                  "'%s' is %s for %s".formatted(multi.formula(), value, scores)));
      value = 0;
    }
    return new Grade(value, errors, scores, parts, asked, since(start));
  }

  private Grade score(Grader grader, double reward, long start) {
    return new Grade(
        reward, GradeErrors.NONE, Map.of(grader.name(), reward), Map.of(), List.of(), since(start));
  }

  private Grade failed(Grader grader, GradeErrors errors, List<Grade.Asked> asked, long start) {
    double none =
        switch (grader) {
          case Grader.ScoreModel model -> model.range().clip(0);
          case Grader.StringCheck _, Grader.TextSimilarity _, Grader.LabelModel _, Grader.Multi _ ->
              0;
        };
    return new Grade(none, errors, Map.of(grader.name(), none), Map.of(), asked, since(start));
  }

  private Duration since(long start) {
    return Duration.ofNanos(nanos.getAsLong() - start);
  }
}
