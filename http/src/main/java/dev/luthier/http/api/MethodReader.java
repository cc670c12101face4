package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.graders.GraderReader;
import dev.luthier.platform.jobs.Extensions;
import dev.luthier.platform.jobs.Extensions.EarlyStopping;
import dev.luthier.platform.jobs.Extensions.Keep;
import dev.luthier.platform.jobs.Extensions.Weights;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.jobs.TrainingMethod.Dpo;
import dev.luthier.platform.jobs.TrainingMethod.Reinforcement;
import dev.luthier.platform.jobs.TrainingMethod.Supervised;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads how a job is to be trained. Types are checked here, values by the service.
final class MethodReader {
  private static final String SUPERVISED = "supervised";
  private static final String DPO = "dpo";
  private static final String REINFORCEMENT = "reinforcement";
  private static final String ADAPTER = "adapter";
  private static final String FULL = "full";
  private static final String LAST = "last";
  private static final String BEST = "best";
  private static final List<String> TYPES = List.of(SUPERVISED, DPO, REINFORCEMENT);
  private static final List<String> EFFORTS = List.of("default", "low", "medium", "high");

  private MethodReader() {}

  /// The object named like the type may be missing, except where it must hold a grader.
  static TrainingMethod read(Fields method) {
    String type = method.required("type").oneOf(TYPES);
    return switch (type) {
      case DPO -> dpo(numbers(method.optional(DPO).map(Value::object)));
      case REINFORCEMENT -> reinforcement(method.required(REINFORCEMENT).object());
      default -> new Supervised(common(numbers(method.optional(SUPERVISED).map(Value::object))));
    };
  }

  private static Optional<Fields> numbers(Optional<Fields> settings) {
    return settings.flatMap(some -> some.optional("hyperparameters")).map(Value::object);
  }

  private static Hyperparameters common(Optional<Fields> numbers) {
    return numbers.map(MethodReader::hyperparameters).orElse(Hyperparameters.AUTO);
  }

  private static Dpo dpo(Optional<Fields> numbers) {
    return new Dpo(common(numbers), numbers.flatMap(some -> decimal(some, "beta")));
  }

  private static Reinforcement reinforcement(Fields settings) {
    Optional<Fields> numbers = numbers(Optional.of(settings));
    return new Reinforcement(
        common(numbers),
        new Reinforcement.Sampling(
            numbers
                .flatMap(some -> some.optional("reasoning_effort"))
                .map(effort -> effort.oneOf(EFFORTS)),
            numbers.flatMap(some -> decimal(some, "compute_multiplier")),
            numbers.flatMap(some -> integer(some, "eval_interval")),
            numbers.flatMap(some -> integer(some, "eval_samples"))),
        new Reinforcement.Grading(
            grader(settings),
            FormReader.ofTraining(settings).map(format -> format.object().json())));
  }

  /// As it was sent, once it is known that answers can be judged by it.
  private static JsonNode grader(Fields settings) {
    JsonNode grader = settings.required("grader").object().json();
    GraderReader.readReward(grader, "method.reinforcement.grader");
    return grader;
  }

  /// The numbers that every method has.
  static Hyperparameters hyperparameters(Fields some) {
    return new Hyperparameters(
        integer(some, "n_epochs"),
        integer(some, "batch_size"),
        decimal(some, "learning_rate_multiplier"),
        extensions(some));
  }

  /// What OpenAI's API lacks.
  private static Extensions extensions(Fields some) {
    return new Extensions(
        some.optional("early_stopping").map(Value::object).map(MethodReader::earlyStopping),
        some.optional("keep")
            .map(keep -> keep.oneOf(List.of(LAST, BEST)).equals(BEST) ? Keep.BEST : Keep.LAST),
        some.optional("weights")
            .map(which ->
                which.oneOf(List.of(ADAPTER, FULL)).equals(FULL) ? Weights.FULL : Weights.ADAPTER),
        integer(some, "lora_rank"),
        decimal(some, "lora_alpha"),
        decimal(some, "lora_dropout"),
        decimal(some, "warmup_ratio"));
  }

  private static EarlyStopping earlyStopping(Fields rule) {
    return new EarlyStopping(
        rule.required("patience").integer(Integer.MIN_VALUE, Integer.MAX_VALUE),
        rule.optional("min_delta")
            .map(least -> least.decimal(-Double.MAX_VALUE, Double.MAX_VALUE))
            .orElse(0.0));
  }

  private static Optional<Integer> integer(Fields some, String name) {
    return numeric(some, name).map(value -> value.integer(Integer.MIN_VALUE, Integer.MAX_VALUE));
  }

  private static Optional<Double> decimal(Fields some, String name) {
    return numeric(some, name).map(value -> value.decimal(-Double.MAX_VALUE, Double.MAX_VALUE));
  }

  /// A number, or "auto", or null, which means the same.
  private static Optional<Value> numeric(Fields some, String name) {
    Optional<Value> value = some.optional(name);
    if (value.isPresent() && value.get().isString()) {
      value.get().oneOf(List.of("auto"));
      return Optional.empty();
    }
    return value;
  }
}
