package dev.luthier.platform.files;

import java.util.Locale;

/// A file's state as old clients poll it.
public enum FileStatus {
  UPLOADED,
  PROCESSED,
  ERROR;

  /// As the API writes it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static FileStatus of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
