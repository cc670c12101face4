package dev.luthier.platform.chat;

import java.util.Locale;

/// Why an answer ended.
public enum FinishReason {
  STOP,
  LENGTH,
  TOOL_CALLS;

  /// As the API writes it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
