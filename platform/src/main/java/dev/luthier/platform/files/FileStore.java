package dev.luthier.platform.files;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Port: the rows of files. Safe for many threads; see `Transactions` for durability.
///
/// A deleted file's row stays, marked, as long as a job that has not ended holds its bytes.
public interface FileStore {
  void insert(StoredFile file);

  /// A file that is neither deleted nor expired at `now`.
  Optional<StoredFile> find(String id, Instant now);

  /// Also a deleted file, for a job that holds it.
  Optional<StoredFile> findHeld(String id);

  /// At most `limit + 1` living files after the cursor, so that the caller sees whether more
  /// follow; files made in the same instant keep the order of their insertion. Empty when the
  /// cursor is unknown.
  Optional<List<StoredFile>> list(FileQuery query, Instant now);

  /// Marks a living file as deleted; false when there was none.
  boolean markDeleted(String id, Instant now);

  /// Removes the rows that are deleted or expired at `now` and that no unfinished job holds;
  /// answers their ids.
  List<String> purge(Instant now);

  /// Whether there is a row, be it deleted: then the blob store must keep the bytes.
  boolean references(String id);
}
