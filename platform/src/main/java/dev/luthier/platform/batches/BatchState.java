package dev.luthier.platform.batches;

import java.util.Locale;

/// Where a batch stands.
public enum BatchState {
  VALIDATING,
  FAILED,
  IN_PROGRESS,
  FINALIZING,
  COMPLETED,
  EXPIRED,
  CANCELLING,
  CANCELLED;

  /// As the API writes it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static BatchState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /// Whether nothing more will happen to the batch.
  public boolean ended() {
    return this == FAILED || this == COMPLETED || this == EXPIRED || this == CANCELLED;
  }
}
