package dev.luthier.platform.idempotency;

import java.time.Instant;
import java.util.Optional;

/// Port: the rows of creations that carried a key. Safe for many threads; see `Transactions`.
public interface CreationStore {
  Optional<Creation> find(String kind, String key);

  void insert(Creation creation);

  void purge(Instant before);
}
