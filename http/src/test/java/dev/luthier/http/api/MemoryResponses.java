package dev.luthier.http.api;

import dev.luthier.platform.stored.ResponseStore;
import dev.luthier.platform.stored.StoredResponse;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Stored responses in memory.
final class MemoryResponses implements ResponseStore {
  private final Map<String, StoredResponse> rows = new HashMap<>();

  @Override
  public synchronized void insert(StoredResponse response) {
    rows.put(response.id(), response);
  }

  @Override
  public synchronized Optional<StoredResponse> find(String id) {
    return Optional.ofNullable(rows.get(id));
  }

  @Override
  public synchronized boolean setAnswer(String id, String answer, boolean stillOpen) {
    var row = rows.get(id);
    if (row == null || !row.open()) {
      return false;
    }
    rows.put(id, new StoredResponse(id, row.createdAt(), stillOpen, answer, row.items()));
    return true;
  }

  @Override
  public synchronized List<StoredResponse> ended(Optional<StoredResponse> olderThan, int limit) {
    Comparator<StoredResponse> oldestFirst =
        Comparator.comparing(StoredResponse::createdAt).thenComparing(StoredResponse::id);
    return rows.values().stream()
        .filter(row -> !row.open())
        .filter(row -> olderThan.isEmpty() || oldestFirst.compare(row, olderThan.get()) < 0)
        .sorted(oldestFirst.reversed())
        .limit(limit)
        .toList();
  }

  @Override
  public synchronized List<String> open() {
    return rows.values().stream().filter(StoredResponse::open).map(StoredResponse::id).toList();
  }

  @Override
  public synchronized boolean delete(String id) {
    return rows.remove(id) != null;
  }

  @Override
  public synchronized void purge(Instant before) {
    rows.values().removeIf(row -> row.createdAt().isBefore(before));
  }
}
