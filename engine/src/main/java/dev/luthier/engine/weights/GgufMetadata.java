package dev.luthier.engine.weights;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The key-value pairs of a GGUF file. Whole numbers of every width are longs, fractions doubles.
public final class GgufMetadata {
  private final Path file;
  private final Map<String, Object> values;

  /// Values are String, Long, Double, Boolean, `List<String>`, `long[]` or `double[]`.
  GgufMetadata(Path file, Map<String, Object> values) {
    this.file = file;
    this.values = values;
  }

  public Set<String> keys() {
    return Collections.unmodifiableSet(values.keySet());
  }

  public Optional<String> text(String key) {
    return value(key, String.class, "a text");
  }

  public OptionalLong whole(String key) {
    return value(key, Long.class, "a whole number")
        .map(OptionalLong::of)
        .orElseGet(OptionalLong::empty);
  }

  public Optional<Double> fraction(String key) {
    return value(key, Double.class, "a fraction");
  }

  public Optional<Boolean> flag(String key) {
    return value(key, Boolean.class, "true or false");
  }

  /// A list of texts.
  @SuppressWarnings("unchecked") // A list is only ever made of texts: see GgufHeader.
  public Optional<List<String>> texts(String key) {
    return value(key, List.class, "a list of texts").map(list -> (List<String>) list);
  }

  /// A list of whole numbers.
  public Optional<long[]> wholes(String key) {
    return value(key, long[].class, "a list of whole numbers").map(long[]::clone);
  }

  /// A whole number that must be there.
  public long needWhole(String key) {
    return whole(key).orElseThrow(() -> new WeightsException(file, "metadata lack " + key));
  }

  private <T> Optional<T> value(String key, Class<T> type, String expected) {
    Object value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw new WeightsException(file, "metadata " + key + " must be " + expected);
    }
    return Optional.of(type.cast(value));
  }
}
