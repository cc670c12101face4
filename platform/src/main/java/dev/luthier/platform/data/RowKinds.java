package dev.luthier.platform.data;

import dev.luthier.platform.graders.Grader;
import dev.luthier.platform.graders.GraderReader;
import dev.luthier.platform.graders.Graders;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.text.rows.RowKind;
import tools.jackson.databind.JsonNode;

/// Which rows a method trains on.
public final class RowKinds {
  private RowKinds() {}

  /// The kind of rows; those of reinforcement are held against the method's grader, if it has one.
  ///
  /// @throws dev.luthier.platform.errors.ApiException if the grader cannot be used
  public static RowKind of(TrainingMethod method) {
    return switch (method) {
      case TrainingMethod.Supervised _ -> RowKind.chats();
      case TrainingMethod.Dpo _ -> RowKind.preferences();
      case TrainingMethod.Reinforcement(_, _, var grading) -> prompts(grading.grader());
    };
  }

  private static RowKind prompts(JsonNode json) {
    if (json.isMissingNode() || json.isNull()) {
      return RowKind.prompts();
    }
    Grader grader = GraderReader.readReward(json, "grader");
    return new RowKind.Prompts(item -> Graders.missing(grader, item));
  }
}
