package dev.luthier.platform.batches;

import dev.luthier.platform.PageRequest;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Port: the rows of batches and of their answers. Safe for many threads; see `Transactions` for
/// durability.
public interface BatchStore {
  void insert(Batch batch);

  Optional<Batch> find(String id);

  /// At most `limit + 1` rows, newest first. Empty when the cursor is unknown.
  Optional<List<Batch>> list(PageRequest page);

  /// Those that have not ended, oldest first.
  List<Batch> unfinished();

  /// Writes all but the order, what is answered and its tokens.
  void update(Batch batch);

  /// Keeps an answer and counts it; a line that is answered already stays as it is.
  void insertAnswer(String batchId, BatchAnswer answer);

  /// The lines that are answered, by their numbers.
  BitSet answered(String batchId);

  /// At most `limit` answers behind a line, in the order of the lines.
  List<BatchAnswer> answers(String batchId, boolean failed, int behindLine, int limit);

  /// Forgets the answers, not how many they were.
  void removeAnswers(String batchId);
}
