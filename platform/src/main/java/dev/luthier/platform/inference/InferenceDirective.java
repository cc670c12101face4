package dev.luthier.platform.inference;

import java.util.Locale;

/// The answer to an inference process's heartbeat.
public enum InferenceDirective {
  CONTINUE,
  /// The server has been started anew and does not know the address: register again.
  REGISTER;

  /// As the internal protocol writes it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
