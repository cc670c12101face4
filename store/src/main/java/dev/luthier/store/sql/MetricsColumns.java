package dev.luthier.store.sql;

import dev.luthier.platform.jobs.StepMetricsRecord;
import java.sql.ResultSet;
import java.sql.SQLException;

/// The columns of a step's figures, alike in every table that has them.
final class MetricsColumns {
  private MetricsColumns() {}

  static Row put(Row row, StepMetricsRecord metrics) {
    return row.put("step", metrics.step())
        .put("total_steps", metrics.totalSteps())
        .put("train_loss", metrics.trainLoss())
        .put("train_accuracy", metrics.trainMeanTokenAccuracy())
        .put("valid_loss", metrics.validLoss())
        .put("valid_accuracy", metrics.validMeanTokenAccuracy())
        .put("full_valid_loss", metrics.fullValidLoss())
        .put("full_valid_accuracy", metrics.fullValidMeanTokenAccuracy());
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
        Row.optionalDouble(row, "full_valid_accuracy"));
  }
}
