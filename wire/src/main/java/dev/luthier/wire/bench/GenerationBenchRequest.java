package dev.luthier.wire.bench;

import java.util.List;

/// What to generate: every concurrency with every number of adapters.
///
/// @param model the base's id
/// @param baseFolder where its weights are
/// @param adapters numbers of different adapters that the streams are spread over; 0 is the base
/// @param repeats measured rounds; figures are their medians
public record GenerationBenchRequest(
    String model,
    String baseFolder,
    int promptTokens,
    int tokens,
    List<Integer> concurrency,
    List<Integer> adapters,
    int repeats) {
  public GenerationBenchRequest {
    concurrency = List.copyOf(concurrency);
    adapters = List.copyOf(adapters);
  }
}
