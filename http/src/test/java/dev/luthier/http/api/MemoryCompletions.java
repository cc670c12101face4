package dev.luthier.http.api;

import dev.luthier.platform.stored.CompletionQuery;
import dev.luthier.platform.stored.CompletionStore;
import dev.luthier.platform.stored.StoredCompletion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Stored completions in memory.
final class MemoryCompletions implements CompletionStore {
  private final List<StoredCompletion> rows = new ArrayList<>();

  @Override
  public synchronized void insert(StoredCompletion completion) {
    rows.add(completion);
  }

  @Override
  public synchronized Optional<StoredCompletion> find(String id) {
    return rows.stream().filter(row -> row.id().equals(id)).findFirst();
  }

  @Override
  public synchronized Optional<List<StoredCompletion>> list(CompletionQuery query) {
    var chosen =
        rows.stream()
            .filter(row -> query.model().filter(model -> !model.equals(row.model())).isEmpty())
            .filter(row -> row.metadata().entrySet().containsAll(query.metadata().entrySet()))
            .toList();
    return Pages.cut(
        query.newestFirst() ? chosen.reversed() : chosen, StoredCompletion::id, query.page());
  }

  @Override
  public synchronized void setMetadata(String id, Map<String, String> metadata) {
    rows.replaceAll(row ->
        row.id().equals(id)
            ? new StoredCompletion(
                id, row.createdAt(), row.model(), metadata, row.answer(), row.messages())
            : row);
  }

  @Override
  public synchronized boolean delete(String id) {
    return rows.removeIf(row -> row.id().equals(id));
  }

  @Override
  public synchronized void purge(Instant before) {
    rows.removeIf(row -> row.createdAt().isBefore(before));
  }
}
