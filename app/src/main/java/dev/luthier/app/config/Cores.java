package dev.luthier.app.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// How training and answering share the processor's cores.
public enum Cores {
  /// An answer in progress goes first; training gets what is left, and everything while nobody
  /// asks.
  ANSWERS_FIRST,

  /// Both are processes like any other; the system shares the cores evenly.
  EVEN;

  /// As settings write it.
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static List<String> texts() {
    return Arrays.stream(values()).map(Cores::text).toList();
  }

  static Cores of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
