package dev.luthier.http.api;

import dev.luthier.platform.idempotency.Creation;
import dev.luthier.platform.idempotency.CreationStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Creations in memory.
final class MemoryCreations implements CreationStore {
  private final List<Creation> rows = new ArrayList<>();

  @Override
  public synchronized Optional<Creation> find(String kind, String key) {
    return rows.stream()
        .filter(row -> row.kind().equals(kind) && row.key().equals(key))
        .findFirst();
  }

  @Override
  public synchronized void insert(Creation creation) {
    rows.add(creation);
  }

  @Override
  public synchronized void purge(Instant before) {
    rows.removeIf(row -> row.createdAt().isBefore(before));
  }
}
