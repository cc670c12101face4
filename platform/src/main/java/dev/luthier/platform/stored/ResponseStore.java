package dev.luthier.platform.stored;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Port: the rows of stored responses. Safe for many threads; see `Transactions` for durability.
public interface ResponseStore {
  void insert(StoredResponse response);

  Optional<StoredResponse> find(String id);

  /// Replaces the answer of one that is open; false when there is none, or it is not open any more.
  boolean setAnswer(String id, String answer, boolean stillOpen);

  /// Those that have ended, the newest first.
  ///
  /// @param olderThan the one after which to go on; empty: from the newest on
  List<StoredResponse> ended(Optional<StoredResponse> olderThan, int limit);

  /// The ids of those that are open.
  List<String> open();

  /// False when there is none.
  boolean delete(String id);

  /// Removes what was stored before an instant.
  void purge(Instant before);
}
