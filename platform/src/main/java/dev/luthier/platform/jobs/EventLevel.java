package dev.luthier.platform.jobs;

import java.util.Locale;

/// How grave an event is.
public enum EventLevel {
  INFO,
  WARN,
  ERROR;

  /// As the API writes it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
