package dev.luthier.wire.api;

import java.util.List;
import java.util.Map;

/// What a job's losses follow from, and their digest; not OpenAI's.
///
/// @param facts pairs that name everything the losses depend on; empty until the first step
/// @param steps whose figures are here
/// @param firstLosses exactly, from step 1 on
/// @param lossesSha256 of all steps' losses as big-endian doubles
public record FineTuningJobManifest(
    String object,
    String jobId,
    Map<String, String> facts,
    int steps,
    List<Double> firstLosses,
    String lossesSha256) {
  public FineTuningJobManifest {
    firstLosses = List.copyOf(firstLosses);
  }
}
