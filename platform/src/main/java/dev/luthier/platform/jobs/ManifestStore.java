package dev.luthier.platform.jobs;

import java.util.Map;

/// Port: what the losses of a job follow from, as pairs. Safe for many threads; see `Transactions`.
public interface ManifestStore {
  /// Keeps the pairs unless the job has some: a later attempt goes on exactly where the first broke
  /// off.
  void put(String jobId, Map<String, String> pairs);

  /// Empty when there are none yet.
  Map<String, String> of(String jobId);
}
