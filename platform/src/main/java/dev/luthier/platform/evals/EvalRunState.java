package dev.luthier.platform.evals;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How far a run is.
public enum EvalRunState {
  QUEUED,
  IN_PROGRESS,
  COMPLETED,
  CANCELED,
  FAILED;

  /// As the API writes it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean ended() {
    return this != QUEUED && this != IN_PROGRESS;
  }

  /// All of them as the API writes them.
  public static List<String> texts() {
    return Arrays.stream(values()).map(EvalRunState::text).toList();
  }

  /// The state of a name that [#text] gives.
  public static EvalRunState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
