package dev.luthier.platform.graders;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads graders as the API writes them. Every refusal is an [ApiException] that carries the full
/// name of the field.
public final class GraderReader {
  private static final int GRADERS_MAX = 16;
  private static final int LABELS_MAX = 64;
  private static final int NAME_MAX = 128;
  private static final int TOKENS_MAX = 16_384;

  private static final List<String> TYPES =
      List.of("string_check", "text_similarity", "score_model", "label_model", "multi");

  private GraderReader() {}

  /// A grader of any kind, as testing criteria take them.
  ///
  /// @param path its full name in the request, such as `testing_criteria[0]`
  public static Grader read(JsonNode json, String path) {
    JsonField field = new JsonField(path, json);
    return field.required("type").text().equals("multi") ? multi(field) : single(field);
  }

  /// A grader whose reward is trained on or told: any but `label_model`, which stands in a `multi`.
  public static Grader readReward(JsonNode json, String path) {
    Grader grader = read(json, path);
    if (grader instanceof Grader.LabelModel) {
      throw new ApiException(
          ErrorCode.INVALID_VALUE,
          "A label_model grader judges testing criteria of evals; here it can stand in a multi"
              + " grader, where a passing label counts 1 and any other 0.",
          Optional.of(path + ".type"));
    }
    return grader;
  }

  private static Grader single(JsonField json) {
    JsonField type = json.required("type");
    String name = json.required("name").text(NAME_MAX);
    return switch (type.text()) {
      case "string_check" ->
          new Grader.StringCheck(
              name,
              json.required("input").template(),
              json.required("reference").template(),
              operation(json.required("operation")));
      case "text_similarity" ->
          new Grader.TextSimilarity(
              name,
              json.required("input").template(),
              json.required("reference").template(),
              metric(json.required("evaluation_metric")));
      case "score_model" ->
          new Grader.ScoreModel(
              name,
              json.required("model").text(NAME_MAX * 2),
              MessageReader.read(json.required("input")),
              json.optional("range").map(GraderReader::range).orElse(Grader.Range.DEFAULT),
              sampling(json));
      case "label_model" -> labelModel(json, name);
      case "python" ->
          throw type.refusal(
              "A python grader runs code that was sent here, and this server has no sandbox for"
                  + " it. Say it with string_check, text_similarity, score_model or a multi of"
                  + " them.");
      case "multi" -> throw type.refusal("A multi grader cannot stand in another one.");
      default -> throw ApiException.invalidValue(type.path(), type.shown(), TYPES);
    };
  }

  private static Grader multi(JsonField json) {
    String name = json.required("name").text(NAME_MAX);
    Map<String, Grader> graders = parts(json.required("graders"));
    JsonField output = json.required("calculate_output");
    try {
      return new Grader.Multi(
          name, graders, Formula.parse(output.text(), Grader.Multi.names(graders).keySet()));
    } catch (IllegalArgumentException e) {
      throw output.refusal("Invalid formula %s".formatted(e.getMessage()));
    }
  }

  /// A map of names; or, as OpenAI's description also writes it, one grader or an array of them.
  private static Map<String, Grader> parts(JsonField json) {
    Map<String, Grader> graders = new LinkedHashMap<>();
    List<JsonField> unnamed =
        json.json().isArray()
            ? json.elements(GRADERS_MAX)
            : json.json().path("type").isString() ? List.of(json) : List.of();
    if (!unnamed.isEmpty()) {
      for (JsonField part : unnamed) {
        Grader grader = single(part);
        if (graders.put(grader.name(), grader) != null) {
          throw part.refusal("Two graders are called '%s'.".formatted(grader.name()));
        }
      }
      return graders;
    }
    for (JsonField part : json.members(GRADERS_MAX)) {
      graders.put(part.key(), single(part));
    }
    return graders;
  }

  private static Grader labelModel(JsonField json, String name) {
    List<String> labels = texts(json.required("labels"));
    List<String> passing = texts(json.required("passing_labels"));
    for (String label : passing) {
      if (!labels.contains(label)) {
        throw ApiException.invalidValue(json.path() + ".passing_labels", label, labels);
      }
    }
    return new Grader.LabelModel(
        name,
        json.required("model").text(NAME_MAX * 2),
        MessageReader.read(json.required("input")),
        labels,
        Set.copyOf(passing),
        sampling(json));
  }

  private static List<String> texts(JsonField json) {
    return json.elements(LABELS_MAX).stream().map(label -> label.text(NAME_MAX)).toList();
  }

  private static Grader.StringCheck.Operation operation(JsonField json) {
    return Arrays.stream(Grader.StringCheck.Operation.values())
        .filter(operation -> operation.text().equals(json.text()))
        .findFirst()
        .orElseThrow(() ->
            ApiException.invalidValue(
                json.path(), json.shown(), List.of("eq", "ne", "like", "ilike")));
  }

  private static Metric metric(JsonField json) {
    if (json.text().equals("cosine")) {
      throw json.refusal(
          "'cosine' compares embeddings, and this server has no embedding model. Take one of %s, or"
                  .formatted(String.join(", ", Metric.names()))
              + " a score_model grader.");
    }
    return Arrays.stream(Metric.values())
        .filter(metric -> metric.text().equals(json.text()))
        .findFirst()
        .orElseThrow(() -> ApiException.invalidValue(json.path(), json.shown(), Metric.names()));
  }

  private static Grader.Range range(JsonField json) {
    List<JsonField> ends = json.elements(2);
    if (ends.size() != 2) {
      throw json.refusal("A range has a least and a most score, as in [0, 1].");
    }
    double least = ends.getFirst().number(-1e9, 1e9);
    double most = ends.getLast().number(-1e9, 1e9);
    if (least >= most) {
      throw json.refusal("A range begins below its end, but got %s and %s.".formatted(least, most));
    }
    return new Grader.Range(least, most);
  }

  private static Grader.JudgeSampling sampling(JsonField grader) {
    Optional<JsonField> given = grader.optional("sampling_params");
    if (given.isEmpty()) {
      return Grader.JudgeSampling.DEFAULT;
    }
    JsonField json = given.get();
    // OpenAI writes max_completions_tokens; people also write what chat completions call it.
    Optional<JsonField> tokens =
        json.optional("max_completions_tokens").or(() -> json.optional("max_completion_tokens"));
    return new Grader.JudgeSampling(
        json.optional("temperature")
            .map(value -> value.number(0, 2))
            .orElse(Grader.JudgeSampling.DEFAULT.temperature()),
        json.optional("top_p")
            .map(value -> value.number(0, 1))
            .orElse(Grader.JudgeSampling.DEFAULT.topP()),
        json.optional("seed")
            .map(value -> OptionalLong.of(value.integer(Long.MIN_VALUE, Long.MAX_VALUE)))
            .orElse(OptionalLong.empty()),
        tokens
            .map(value -> OptionalInt.of((int) value.integer(1, TOKENS_MAX)))
            .orElse(OptionalInt.empty()));
  }
}
