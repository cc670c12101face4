package dev.luthier.platform.uploads;

import java.util.Locale;

/// Where an upload in parts stands. Only a pending one takes parts.
public enum UploadState {
  PENDING,
  COMPLETED,
  CANCELLED,
  EXPIRED;

  /// As the API writes it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static UploadState of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
