package dev.luthier.worker.trainer;

import dev.luthier.engine.model.ModelException;
import dev.luthier.engine.weights.WeightsException;
import dev.luthier.wire.internal.FinishRequest;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// Why a job cannot be done; trying again would end the same way.
final class JobFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient FinishRequest.Failure failure;

  /// A failure that a part of the job's request is to blame for.
  ///
  /// @param param such as `training_file`
  JobFailure(String code, String message, String param, Throwable cause) {
    super(message, cause);
    this.failure = new FinishRequest.Failure(code, message, Optional.of(param));
  }

  /// What the user is told of a failure of the run.
  static FinishRequest.Failure describe(Throwable cause, int step) {
    String reason = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
    return switch (cause) {
      case JobFailure known -> known.failure;
      case WeightsException _, ModelException _ ->
          plain("invalid_weights", "The weights cannot be used: " + firstLine(reason));
      case Throwable t when isOutOfMemory(t, reason) ->
          plain(
              "out_of_memory",
              "Out of memory in step %d; use a smaller batch_size or shorter examples (%s)"
                  .formatted(step, firstLine(reason)));
      default ->
          plain(
              "server_error", "Training failed in step %d: %s".formatted(step, firstLine(reason)));
    };
  }

  private static boolean isOutOfMemory(Throwable cause, String reason) {
    String lower = reason.toLowerCase(Locale.ROOT);
    return cause instanceof OutOfMemoryError
        || lower.contains("out of memory")
        || lower.contains("can't allocate memory")
        || lower.contains("not enough memory");
  }

  private static FinishRequest.Failure plain(String code, String message) {
    return new FinishRequest.Failure(code, message, Optional.empty());
  }

  /// LibTorch appends its own stack trace to a message.
  private static String firstLine(String reason) {
    return reason.lines().findFirst().orElse(reason);
  }
}
