package dev.luthier.engine.tensor;

/// A compute type and the reason for it, as the start-up message tells it.
public record ComputeType(Precision precision, String reason) {
  @Override
  public String toString() {
    return "computing in %s: %s"
        .formatted(precision.name().toLowerCase(java.util.Locale.ROOT), reason);
  }
}
