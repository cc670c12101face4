package dev.luthier.platform.launch;

import java.util.Locale;

/// What a worker process is for.
public enum WorkerKind {
  TRAINER,
  INFERENCE;

  /// As the internal protocol writes it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
