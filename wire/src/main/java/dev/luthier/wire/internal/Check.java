package dev.luthier.wire.internal;

import java.util.Objects;
import java.util.regex.Pattern;

/// The checks that the compact constructors of this package share; fields go by their wire names.
final class Check {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private Check() {}

  static void text(String field, String value) {
    Objects.requireNonNull(value, field);
    if (value.isEmpty()) {
      throw new IllegalArgumentException(field + " must not be empty");
    }
  }

  static void atLeast(String field, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(
          "%s must be at least %d, but is %d".formatted(field, least, value));
    }
  }

  static void sha256(String field, String value) {
    Objects.requireNonNull(value, field);
    if (!SHA256.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "%s must be 64 lower-case hex digits, but is '%s'".formatted(field, value));
    }
  }
}
