package dev.luthier.http.api;

import dev.luthier.platform.jobs.ManifestStore;
import java.util.HashMap;
import java.util.Map;

/// Manifests in memory.
final class MemoryManifests implements ManifestStore {
  private final Map<String, Map<String, String>> rows = new HashMap<>();

  @Override
  public synchronized void put(String jobId, Map<String, String> pairs) {
    rows.putIfAbsent(jobId, Map.copyOf(pairs));
  }

  @Override
  public synchronized Map<String, String> of(String jobId) {
    return rows.getOrDefault(jobId, Map.of());
  }
}
