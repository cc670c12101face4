package dev.luthier.platform.integrations;

import dev.luthier.platform.jobs.StepMetricsRecord;
import java.util.LinkedHashMap;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/// A step's figures by the names that the API gives them, and two more that it does not tell.
final class Figures {
  private Figures() {}

  /// Those that the step has, in order.
  static SequencedMap<String, Double> of(StepMetricsRecord step) {
    var figures = new LinkedHashMap<String, Double>();
    figures.put("train_loss", step.trainLoss());
    figures.put("train_mean_token_accuracy", step.trainMeanTokenAccuracy());
    put(figures, "valid_loss", step.validLoss());
    put(figures, "valid_mean_token_accuracy", step.validMeanTokenAccuracy());
    put(figures, "full_valid_loss", step.fullValidLoss());
    put(figures, "full_valid_mean_token_accuracy", step.fullValidMeanTokenAccuracy());
    figures.putAll(step.figures());
    step.effort()
        .ifPresent(effort -> {
          figures.put("learning_rate", effort.learningRate());
          figures.put("gradient_norm", effort.gradientNorm());
        });
    return figures;
  }

  private static void put(SequencedMap<String, Double> figures, String name, OptionalDouble value) {
    if (value.isPresent()) {
      figures.put(name, value.getAsDouble());
    }
  }
}
