package dev.luthier.platform.jobs;

import dev.luthier.platform.PageRequest;
import java.util.Map;

/// Which jobs are listed, newest first.
///
/// @param metadata pairs that must all match; none means any job
/// @param withoutMetadata only jobs that have no metadata at all (the literal `metadata=null`)
public record JobQuery(PageRequest page, Map<String, String> metadata, boolean withoutMetadata) {
  public JobQuery {
    metadata = Map.copyOf(metadata);
  }
}
