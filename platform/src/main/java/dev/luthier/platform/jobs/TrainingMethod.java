package dev.luthier.platform.jobs;

import java.util.Optional;

/// The `method` of a request: its type as written, and its hyperparameters when it has them.
public record TrainingMethod(String type, Optional<Hyperparameters> hyperparameters) {
  public static final String SUPERVISED = "supervised";
}
