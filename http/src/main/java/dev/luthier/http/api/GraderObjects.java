package dev.luthier.http.api;

import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.graders.Grade;
import dev.luthier.platform.graders.GradeErrors;
import dev.luthier.platform.graders.Grader;
import dev.luthier.wire.api.GraderRun;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Judgements as the API writes them.
final class GraderObjects {
  private static final double NANOS_PER_SECOND = 1e9;

  private GraderObjects() {}

  static GraderRun run(Grader grader, Grade grade) {
    Map<String, Double> parts = new LinkedHashMap<>();
    grade.parts().forEach((name, part) -> parts.put(name, part.reward()));
    return new GraderRun(
        grade.reward(),
        new GraderRun.Metadata(
            grader.name(),
            grader.type(),
            errors(grade.errors()),
            grade.duration().toNanos() / NANOS_PER_SECOND,
            grade.scores(),
            grade.tokens(),
            grade.asked().stream().map(asked -> asked.answer().model()).findFirst()),
        parts,
        tokens(grade));
  }

  private static Map<String, GraderRun.ModelTokens> tokens(Grade grade) {
    Map<String, GraderRun.ModelTokens> tokens = new LinkedHashMap<>();
    for (Grade.Asked asked : grade.asked()) {
      Usage usage = asked.answer().usage();
      tokens.merge(
          asked.answer().model(),
          new GraderRun.ModelTokens(
              usage.promptTokens(),
              usage.completionTokens(),
              usage.totalTokens(),
              usage.cachedTokens()),
          (some, more) ->
              new GraderRun.ModelTokens(
                  some.promptTokens() + more.promptTokens(),
                  some.completionTokens() + more.completionTokens(),
                  some.totalTokens() + more.totalTokens(),
                  some.cachedTokens() + more.cachedTokens()));
    }
    return tokens;
  }

  private static GraderRun.Errors errors(GradeErrors errors) {
    return new GraderRun.Errors(
        errors.has(GradeErrors.Kind.FORMULA_PARSE),
        errors.has(GradeErrors.Kind.SAMPLE_PARSE),
        false,
        false,
        errors.has(GradeErrors.Kind.INVALID_VARIABLE),
        false,
        false,
        Optional.empty(),
        false,
        Optional.empty(),
        errors.has(GradeErrors.Kind.MODEL_SERVER),
        false,
        errors.has(GradeErrors.Kind.MODEL_PARSE),
        // The one field for words; they tell of whatever went wrong.
        errors.details());
  }
}
