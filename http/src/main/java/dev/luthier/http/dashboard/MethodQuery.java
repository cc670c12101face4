package dev.luthier.http.dashboard;

import dev.luthier.http.request.PageQuery;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.jobs.Extensions;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.jobs.TrainingMethod.Reinforcement;
import dev.luthier.wire.Json;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// Reads from a query how files are to be trained on: `method`, its numbers, and what else it goes
/// by. What is not said is auto.
final class MethodQuery {
  private static final int NUMBER_MAX = 100_000;
  private static final double MULTIPLIER_MAX = 10;
  private static final List<String> METHODS = List.of("supervised", "dpo", "reinforcement");

  private MethodQuery() {}

  static TrainingMethod read(Context context) {
    Hyperparameters numbers =
        new Hyperparameters(
                number(context, "n_epochs"), number(context, "batch_size"), Optional.empty())
            .with(Extensions.ofWeights(weights(context)));
    return switch (PageQuery.oneOf(context, "method", METHODS).orElse("supervised")) {
      case "dpo" -> new TrainingMethod.Dpo(numbers, Optional.empty());
      case "reinforcement" ->
          new Reinforcement(
              numbers,
              new Reinforcement.Sampling(
                  Optional.empty(),
                  multiplier(context),
                  number(context, "eval_interval"),
                  number(context, "eval_samples")),
              new Reinforcement.Grading(grader(context), Optional.empty()));
      default -> new TrainingMethod.Supervised(numbers);
    };
  }

  private static Optional<Extensions.Weights> weights(Context context) {
    return PageQuery.oneOf(context, "weights", List.of("adapter", "full"))
        .map(name -> Extensions.Weights.valueOf(name.toUpperCase(Locale.ROOT)));
  }

  /// The grader as a request for a job has it, or nothing.
  private static JsonNode grader(Context context) {
    Optional<String> json = PageQuery.parameter(context, "grader");
    try {
      return json.isEmpty() ? MissingNode.getInstance() : Json.tree(json.get());
    } catch (JacksonException _) {
      throw ApiException.invalidType("grader", "an object", "a string");
    }
  }

  private static Optional<Double> multiplier(Context context) {
    String name = "compute_multiplier";
    Optional<String> text = given(context, name);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.get().matches("[0-9]{1,9}(\\.[0-9]{1,9})?")) {
      throw ApiException.invalidType(name, "a number", "a string");
    }
    double number = Double.parseDouble(text.get());
    if (number > MULTIPLIER_MAX) {
      throw ApiException.decimalAbove(name, "10", number);
    }
    return Optional.of(number);
  }

  private static Optional<Integer> number(Context context, String name) {
    return given(context, name).map(text -> number(name, text, NUMBER_MAX));
  }

  private static Optional<String> given(Context context, String name) {
    return PageQuery.parameter(context, name).filter(value -> !value.equals("auto"));
  }

  /// A whole number from 1 to `max`.
  static int number(String name, String text, int max) {
    if (!text.matches("[0-9]{1,9}")) {
      throw ApiException.invalidType(name, "an integer", "a string");
    }
    int number = Integer.parseInt(text);
    if (number < 1) {
      throw ApiException.integerBelow(name, 1, number);
    }
    if (number > max) {
      throw ApiException.integerAbove(name, max, number);
    }
    return number;
  }
}
