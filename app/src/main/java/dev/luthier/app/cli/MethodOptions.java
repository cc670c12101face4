package dev.luthier.app.cli;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.graders.GraderReader;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.jobs.TrainingMethod.Reinforcement;
import dev.luthier.text.rows.RowKind;
import dev.luthier.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// What rows are for: options of all commands that read files of rows.
final class MethodOptions {
  private static final List<String> METHODS = List.of("supervised", "dpo", "reinforcement");

  @Option(
      names = "--method",
      paramLabel = "M",
      defaultValue = "supervised",
      description = {
        "supervised: learn the answers of chats; dpo: learn to prefer one of two answers;",
        "reinforcement: learn from what a grader says of answers to prompts"
      })
  private String method = METHODS.getFirst();

  @Option(
      names = "--grader",
      paramLabel = "FILE",
      description = "with --method reinforcement: the grader, one JSON object as the API takes it")
  private Optional<Path> grader = Optional.empty();

  /// Before anything is read: options that do not go together.
  void refuseOdd() {
    if (!METHODS.contains(method)) {
      throw new CliException(
          ExitCode.USAGE, "--method is supervised, dpo or reinforcement, not '" + method + "'.");
    }
    if (grader.isPresent() && !isReinforcement()) {
      throw new CliException(
          ExitCode.USAGE, "--grader belongs to --method reinforcement, which is missing.");
    }
  }

  /// As the API names it.
  String name() {
    return method;
  }

  boolean isDpo() {
    return method.equals("dpo");
  }

  boolean isReinforcement() {
    return method.equals("reinforcement");
  }

  /// What the rows are for, whatever grades them.
  RowKind kind() {
    return isDpo()
        ? RowKind.preferences()
        : isReinforcement() ? RowKind.prompts() : RowKind.chats();
  }

  /// The grader; missing where none was named.
  JsonNode grader() throws IOException {
    if (grader.isEmpty()) {
      return MissingNode.getInstance();
    }
    if (!Files.isRegularFile(grader.get())) {
      throw new CliException(ExitCode.USAGE, grader.get() + " is no file.");
    }
    try {
      JsonNode json = Json.tree(Files.readString(grader.get()));
      GraderReader.readReward(json, "grader");
      return json;
    } catch (JacksonException e) {
      throw new CliException(
          ExitCode.USAGE, grader.get() + " is no JSON: " + e.getOriginalMessage());
    } catch (ApiException e) {
      throw new CliException(ExitCode.USAGE, grader.get() + ": " + e.text());
    }
  }

  /// With nothing but auto.
  TrainingMethod method() throws IOException {
    return method(Hyperparameters.AUTO, Optional.empty(), Optional.empty());
  }

  TrainingMethod method(
      Hyperparameters numbers, Optional<Double> beta, Optional<Double> computeMultiplier)
      throws IOException {
    if (isDpo()) {
      return new TrainingMethod.Dpo(numbers, beta);
    }
    if (!isReinforcement()) {
      return new TrainingMethod.Supervised(numbers);
    }
    return new Reinforcement(
        numbers,
        new Reinforcement.Sampling(
            Optional.empty(), computeMultiplier, Optional.empty(), Optional.empty()),
        new Reinforcement.Grading(grader(), Optional.empty()));
  }
}
