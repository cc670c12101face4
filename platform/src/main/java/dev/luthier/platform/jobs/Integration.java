package dev.luthier.platform.jobs;

import java.util.List;
import java.util.Optional;

/// Where else a job's figures go, as asked for.
public sealed interface Integration {
  /// A run of Weights & Biases.
  record Wandb(String project, Optional<String> name, Optional<String> entity, List<String> tags)
      implements Integration {
    public Wandb {
      tags = List.copyOf(tags);
    }
  }

  /// An event file of TensorBoard in the data folder.
  record TensorBoard() implements Integration {}
}
