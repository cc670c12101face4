package dev.luthier.platform.jobs;

import java.util.Optional;

/// Port: the models that jobs can start from. Safe for many threads.
@FunctionalInterface
public interface TrainableModels {
  /// By a name that users call, an alias among them; empty when nobody has it.
  Optional<TrainableModel> trainable(String name);
}
