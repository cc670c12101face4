package dev.luthier.wire.api;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;

/// A hyperparameter: a number, or the word "auto" until the job has found one.
public record AutoOr<T extends Number>(Optional<T> value) {
  public static <T extends Number> AutoOr<T> auto() {
    return new AutoOr<>(Optional.empty());
  }

  public static <T extends Number> AutoOr<T> of(T value) {
    return new AutoOr<>(Optional.of(value));
  }

  /// The number itself or the string "auto".
  @JsonValue
  public Object json() {
    return value.isPresent() ? value.get() : "auto";
  }
}
