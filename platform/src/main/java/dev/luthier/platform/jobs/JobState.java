package dev.luthier.platform.jobs;

import java.util.Arrays;
import java.util.Locale;

/// The states of the API. Launching, waiting and reporting are steps within `QUEUED` and `RUNNING`;
/// a `PAUSED` job may still have a trainer that is about to stop.
public enum JobState {
  VALIDATING_FILES,
  QUEUED,
  RUNNING,
  PAUSED,
  SUCCEEDED,
  FAILED,
  CANCELLED;

  /// Terminal is final: no update of such a job succeeds.
  public boolean terminal() {
    return this == SUCCEEDED || this == FAILED || this == CANCELLED;
  }

  /// As the API writes it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static JobState of(String text) {
    return Arrays.stream(values())
        .filter(state -> state.text().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no job state is called " + text));
  }
}
