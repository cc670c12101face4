package dev.luthier.platform.stored;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Port: the rows of stored completions. Safe for many threads; see `Transactions` for durability.
public interface CompletionStore {
  void insert(StoredCompletion completion);

  Optional<StoredCompletion> find(String id);

  /// At most `limit + 1` rows. Empty when the cursor is unknown.
  Optional<List<StoredCompletion>> list(CompletionQuery query);

  /// Replaces all pairs.
  void setMetadata(String id, Map<String, String> metadata);

  /// False when there is none.
  boolean delete(String id);

  /// Removes what was stored before an instant.
  void purge(Instant before);
}
