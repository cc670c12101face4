package dev.luthier.platform.trainer;

import java.util.Locale;

/// What a trainer is to do next.
public enum Directive {
  CONTINUE,
  /// Write a resume state, report `STOPPED`, exit 0.
  STOP;

  /// As the internal protocol writes it.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
