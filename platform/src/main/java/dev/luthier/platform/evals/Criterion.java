package dev.luthier.platform.evals;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.graders.Grade;
import dev.luthier.platform.graders.Grader;
import dev.luthier.platform.graders.GraderReader;
import dev.luthier.platform.graders.JsonField;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A testing criterion: a row passes when its reward is at least `threshold`.
public record Criterion(Grader grader, double threshold) {
  private static final int CRITERIA_MAX = 16;
  private static final List<String> TYPES =
      List.of("string_check", "text_similarity", "score_model", "label_model");

  /// Reads criteria as the API writes them. Without a `pass_threshold`, which only scores and
  /// similarities have and the latter must have, a score passes from the middle of its range on.
  ///
  /// @param path full name of the array in the request
  public static List<Criterion> read(JsonNode json, String path) {
    List<JsonField> written = new JsonField(path, json).elements(CRITERIA_MAX);
    if (written.isEmpty()) {
      throw new JsonField(path, json).refusal("An eval has one testing criterion at least.");
    }
    List<Criterion> criteria = new ArrayList<>();
    for (JsonField each : written) {
      Grader grader = GraderReader.read(each.json(), each.path());
      criteria.add(new Criterion(grader, threshold(grader, each)));
    }
    return criteria;
  }

  private static double threshold(Grader grader, JsonField json) {
    return switch (grader) {
      case Grader.StringCheck _, Grader.LabelModel _ -> 1;
      case Grader.TextSimilarity _ -> json.required("pass_threshold").number(0, 1);
      case Grader.ScoreModel model ->
          json.optional("pass_threshold")
              .map(value -> value.number(model.range().least(), model.range().most()))
              .orElse((model.range().least() + model.range().most()) / 2);
      case Grader.Multi _ -> throw ApiException.invalidValue(json.path() + ".type", "multi", TYPES);
    };
  }

  boolean passes(Grade grade) {
    return grade.reward() >= threshold;
  }
}
