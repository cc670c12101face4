package dev.luthier.http.internal;

import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.graders.Grade;
import dev.luthier.platform.graders.GradeErrors;
import dev.luthier.platform.graders.Grader;
import dev.luthier.wire.internal.GradeAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Judgements, from the domain to the wire.
final class GradeRecords {
  private static final double NANOS_PER_SECOND = 1e9;

  private GradeRecords() {}

  static GradeAnswer.Grade wire(Grader grader, Grade grade) {
    return new GradeAnswer.Grade(
        grade.reward(),
        grade.errors().has(GradeErrors.Kind.SAMPLE_PARSE),
        grade.errors().silent(),
        parts(grader, grade));
  }

  private static List<GradeAnswer.Part> parts(Grader grader, Grade grade) {
    if (!(grader instanceof Grader.Multi multi)) {
      return List.of(part(grader.name(), grader, grade));
    }
    var parts = new ArrayList<GradeAnswer.Part>();
    multi
        .graders()
        .forEach((name, each) ->
            Optional.ofNullable(grade.parts().get(name))
                .ifPresent(part -> parts.add(part(name, each, part))));
    return parts;
  }

  private static GradeAnswer.Part part(String name, Grader grader, Grade grade) {
    List<Usage> usages = grade.asked().stream().map(asked -> asked.answer().usage()).toList();
    return new GradeAnswer.Part(
        name,
        grader.type(),
        model(grader),
        grade.reward(),
        grade.errors().kinds().stream().map(GradeRecords::error).toList(),
        usages.stream().mapToInt(Usage::promptTokens).sum(),
        usages.stream().mapToInt(Usage::cachedTokens).sum(),
        usages.stream().mapToInt(Usage::completionTokens).sum(),
        grade.duration().toNanos() / NANOS_PER_SECOND);
  }

  private static Optional<String> model(Grader grader) {
    return switch (grader) {
      case Grader.ScoreModel model -> Optional.of(model.model());
      case Grader.LabelModel model -> Optional.of(model.model());
      case Grader.StringCheck _, Grader.TextSimilarity _, Grader.Multi _ -> Optional.empty();
    };
  }

  private static String error(GradeErrors.Kind kind) {
    return switch (kind) {
      case FORMULA_PARSE -> "other_error";
      case SAMPLE_PARSE -> "sample_parse_error";
      case INVALID_VARIABLE -> "invalid_variable_error";
      case MODEL_SERVER -> "model_grader_server_error";
      case MODEL_PARSE -> "model_grader_parse_error";
    };
  }
}
