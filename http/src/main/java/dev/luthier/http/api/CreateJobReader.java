package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.jobs.CreateJob;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.Integration;
import dev.luthier.platform.jobs.TrainingMethod;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads the request for a fine-tuning job. Types are checked here, values by the service.
final class CreateJobReader {

  private static final int INTEGRATIONS_MAX = 5;
  private static final int TAGS_MAX = 50;
  private static final int NAME_LENGTH_MAX = 512;

  private CreateJobReader() {}

  static CreateJob read(Fields body) {
    return new CreateJob(
        body.required("model").string(NAME_LENGTH_MAX),
        body.required("training_file").string(NAME_LENGTH_MAX),
        body.optional("validation_file").map(file -> file.string(NAME_LENGTH_MAX)),
        body.optional("suffix").map(Value::string),
        seed(body),
        body.optional("hyperparameters").map(Value::object).map(CreateJobReader::hyperparameters),
        body.optional("method").map(Value::object).map(CreateJobReader::method),
        body.optional("integrations").map(some -> some.array(INTEGRATIONS_MAX)).stream()
            .flatMap(List::stream)
            .map(Value::object)
            .map(CreateJobReader::integration)
            .toList(),
        body.optional("metadata").map(Value::metadata));
  }

  private static OptionalInt seed(Fields body) {
    var seed = body.optional("seed").map(value -> value.integer(0, Integer.MAX_VALUE));
    return seed.isPresent() ? OptionalInt.of(seed.get()) : OptionalInt.empty();
  }

  /// Each is a number, or "auto", or null, which means the same.
  private static Hyperparameters hyperparameters(Fields some) {
    return new Hyperparameters(
        numeric(some, "n_epochs").map(CreateJobReader::integer),
        numeric(some, "batch_size").map(CreateJobReader::integer),
        numeric(some, "learning_rate_multiplier")
            .map(value -> value.decimal(-Double.MAX_VALUE, Double.MAX_VALUE)));
  }

  private static Optional<Value> numeric(Fields some, String name) {
    var value = some.optional(name);
    if (value.isPresent() && value.get().isString()) {
      value.get().oneOf(List.of("auto"));
      return Optional.empty();
    }
    return value;
  }

  private static int integer(Value value) {
    return value.integer(Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  private static TrainingMethod method(Fields method) {
    var type = method.required("type").string();
    var hyperparameters =
        method
            .optional(TrainingMethod.SUPERVISED)
            .map(Value::object)
            .flatMap(inner -> inner.optional("hyperparameters"))
            .map(Value::object)
            .map(CreateJobReader::hyperparameters);
    return new TrainingMethod(type, hyperparameters);
  }

  private static Integration integration(Fields integration) {
    integration.required("type").oneOf(List.of("wandb"));
    var wandb = integration.required("wandb").object();
    return new Integration(
        wandb.required("project").string(NAME_LENGTH_MAX),
        wandb.optional("name").map(name -> name.string(NAME_LENGTH_MAX)),
        wandb.optional("entity").map(entity -> entity.string(NAME_LENGTH_MAX)),
        wandb.optional("tags").map(tags -> tags.array(TAGS_MAX)).stream()
            .flatMap(List::stream)
            .map(tag -> tag.string(NAME_LENGTH_MAX))
            .toList());
  }
}
