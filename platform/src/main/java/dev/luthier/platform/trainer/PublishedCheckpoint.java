package dev.luthier.platform.trainer;

import dev.luthier.platform.jobs.StepMetricsRecord;
import java.util.Map;

/// A trainer's word that an epoch's adapter is complete.
///
/// @param sha256s of exactly the files that were staged for this step, by file name
public record PublishedCheckpoint(
    int step, int epoch, StepMetricsRecord metrics, Map<String, String> sha256s) {
  public PublishedCheckpoint {
    sha256s = Map.copyOf(sha256s);
  }
}
