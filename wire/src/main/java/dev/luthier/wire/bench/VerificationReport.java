package dev.luthier.wire.bench;

import java.util.List;
import java.util.Map;

/// What came of it.
///
/// @param manifest what the losses follow from
/// @param losses from step 1 on
public record VerificationReport(Map<String, String> manifest, List<Double> losses) {
  public VerificationReport {
    manifest = Map.copyOf(manifest);
    losses = List.copyOf(losses);
  }
}
