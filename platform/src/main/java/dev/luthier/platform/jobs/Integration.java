package dev.luthier.platform.jobs;

import java.util.List;
import java.util.Optional;

/// A Weights & Biases integration as asked for; it is kept and echoed, not run.
public record Integration(
    String project, Optional<String> name, Optional<String> entity, List<String> tags) {
  public Integration {
    tags = List.copyOf(tags);
  }
}
