package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.jobs.CreateJob;
import dev.luthier.platform.jobs.Integration;
import java.util.List;
import java.util.OptionalInt;

/// Reads the request for a fine-tuning job. Types are checked here, values by the service.
final class CreateJobReader {

  static final String WANDB = "wandb";

  /// An extension: OpenAI has no such integration.
  static final String TENSORBOARD = "tensorboard";

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
        body.optional("hyperparameters").map(Value::object).map(MethodReader::hyperparameters),
        body.optional("method").map(Value::object).map(MethodReader::read),
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

  private static Integration integration(Fields integration) {
    var type = integration.required("type").oneOf(List.of(WANDB, TENSORBOARD));
    if (type.equals(TENSORBOARD)) {
      return new Integration.TensorBoard();
    }
    var wandb = integration.required(WANDB).object();
    return new Integration.Wandb(
        wandb.required("project").string(NAME_LENGTH_MAX),
        wandb.optional("name").map(name -> name.string(NAME_LENGTH_MAX)),
        wandb.optional("entity").map(entity -> entity.string(NAME_LENGTH_MAX)),
        wandb.optional("tags").map(tags -> tags.array(TAGS_MAX)).stream()
            .flatMap(List::stream)
            .map(tag -> tag.string(NAME_LENGTH_MAX))
            .toList());
  }
}
