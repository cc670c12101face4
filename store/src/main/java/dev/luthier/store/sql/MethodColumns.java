package dev.luthier.store.sql;

import dev.luthier.platform.jobs.Extensions;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.jobs.TrainingMethod.Reinforcement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The columns of a job's training method: the numbers that all have, and as JSON those of its own.
final class MethodColumns {
  private static final JsonMapper JSON = JsonMapper.shared();

  private MethodColumns() {}

  /// An object without members.
  private record Nothing() {}

  private record DpoSettings(Optional<Double> beta) {}

  private record ReinforcementSettings(
      Reinforcement.Sampling sampling, JsonNode grader, Optional<JsonNode> responseFormat) {}

  static Row put(Row row, TrainingMethod method) {
    Object settings =
        switch (method) {
          case TrainingMethod.Supervised _ -> new Nothing();
          case TrainingMethod.Dpo(_, var beta) -> new DpoSettings(beta);
          case Reinforcement(_, var sampling, var grading) ->
              new ReinforcementSettings(sampling, grading.grader(), grading.responseFormat());
        };
    Hyperparameters numbers = method.hyperparameters();
    return row.put("epochs", numbers.epochs())
        .put("batch_size", numbers.batchSize())
        .put("learning_rate_multiplier", numbers.learningRateMultiplier())
        .put("extensions", JSON.writeValueAsString(numbers.extensions()))
        .put("method", method.type())
        .put("method_settings", JSON.writeValueAsString(settings));
  }

  static TrainingMethod read(ResultSet row) throws SQLException {
    Hyperparameters numbers =
        new Hyperparameters(
            Row.optionalInt(row, "epochs").stream().boxed().findFirst(),
            Row.optionalInt(row, "batch_size").stream().boxed().findFirst(),
            Row.optionalDouble(row, "learning_rate_multiplier").stream().boxed().findFirst(),
            extensions(row.getString("extensions")));
    String type = row.getString("method");
    String settings = row.getString("method_settings");
    return switch (type) {
      case "supervised" -> new TrainingMethod.Supervised(numbers);
      case "dpo" ->
          new TrainingMethod.Dpo(numbers, JSON.readValue(settings, DpoSettings.class).beta());
      case "reinforcement" ->
          reinforcement(numbers, JSON.readValue(settings, ReinforcementSettings.class));
      default -> throw new IllegalStateException("a job with method " + type);
    };
  }

  /// Jobs of an earlier version of the program have an object without members.
  private static Extensions extensions(String json) {
    return json.equals("{}") ? Extensions.NONE : JSON.readValue(json, Extensions.class);
  }

  private static Reinforcement reinforcement(
      Hyperparameters numbers, ReinforcementSettings settings) {
    Optional<JsonNode> format = settings.responseFormat().filter(node -> !node.isNull());
    var grading = new Reinforcement.Grading(settings.grader(), format);
    return new Reinforcement(numbers, settings.sampling(), grading);
  }
}
