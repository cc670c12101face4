package dev.luthier.store.sql;

import dev.luthier.platform.jobs.StepMetricsRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The columns of a step's figures, alike in every table that has them.
final class MetricsColumns {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final TypeReference<Map<String, Double>> MEASURES = new TypeReference<>() {};

  private MetricsColumns() {}

  static Row put(Row row, StepMetricsRecord metrics) {
    metrics
        .effort()
        .ifPresent(effort ->
            row.put("learning_rate", effort.learningRate())
                .put("gradient_norm", effort.gradientNorm())
                .put("tokens", effort.tokens())
                .put("seconds", effort.seconds()));
    return row.put("step", metrics.step())
        .put("total_steps", metrics.totalSteps())
        .put("train_loss", metrics.trainLoss())
        .put("train_accuracy", metrics.trainMeanTokenAccuracy())
        .put("valid_loss", metrics.validLoss())
        .put("valid_accuracy", metrics.validMeanTokenAccuracy())
        .put("full_valid_loss", metrics.fullValidLoss())
        .put("full_valid_accuracy", metrics.fullValidMeanTokenAccuracy())
        .put("measures", JSON.writeValueAsString(metrics.measures()));
  }

  static StepMetricsRecord read(ResultSet row) throws SQLException {
    return new StepMetricsRecord(
        row.getInt("step"),
        row.getInt("total_steps"),
        row.getDouble("train_loss"),
        row.getDouble("train_accuracy"),
        Row.optionalDouble(row, "valid_loss"),
        Row.optionalDouble(row, "valid_accuracy"),
        Row.optionalDouble(row, "full_valid_loss"),
        Row.optionalDouble(row, "full_valid_accuracy"),
        JSON.readValue(row.getString("measures"), MEASURES),
        effort(row));
  }

  private static Optional<StepMetricsRecord.Effort> effort(ResultSet row) throws SQLException {
    OptionalDouble seconds = Row.optionalDouble(row, "seconds");
    return seconds.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new StepMetricsRecord.Effort(
                row.getDouble("learning_rate"),
                row.getDouble("gradient_norm"),
                row.getLong("tokens"),
                seconds.getAsDouble()));
  }
}
