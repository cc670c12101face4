package dev.luthier.engine.weights;

import java.nio.file.Path;
import java.util.Objects;

/// A weight file that cannot be trusted or read: names the file, the place in it and the two
/// numbers that disagree.
public final class WeightsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public WeightsException(Path file, String reason) {
    super(file + ": " + reason);
  }

  public WeightsException(Path file, String reason, Throwable cause) {
    super(file + ": " + reason, cause);
  }

  /// Always there: every such refusal has a reason.
  @Override
  public String getMessage() {
    return Objects.requireNonNull(super.getMessage());
  }
}
