package dev.luthier.store.sql;

import dev.luthier.platform.jobs.ManifestStore;
import java.util.Map;

/// The rows of what jobs' losses follow from.
public final class SqlManifestStore implements ManifestStore {
  private static final MetadataTable FACTS = new MetadataTable("job_manifests", "job_id");

  private final Database database;

  public SqlManifestStore(Database database) {
    this.database = database;
  }

  @Override
  public void put(String jobId, Map<String, String> pairs) {
    database.write(handle -> {
      if (FACTS.of(handle, jobId).isEmpty()) {
        FACTS.insert(handle, jobId, pairs);
      }
      return true;
    });
  }

  @Override
  public Map<String, String> of(String jobId) {
    return database.read(handle -> FACTS.of(handle, jobId));
  }
}
