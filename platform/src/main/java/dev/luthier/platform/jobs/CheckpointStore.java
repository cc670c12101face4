package dev.luthier.platform.jobs;

import java.util.List;
import java.util.Optional;

/// Port: the rows of checkpoints. Safe for many threads; see `Transactions`.
public interface CheckpointStore {
  void insert(Checkpoint checkpoint);

  /// All checkpoints of a job, the latest step first; deleted ones are not among them.
  List<Checkpoint> ofJob(String jobId);

  Optional<Checkpoint> atStep(String jobId, int step);

  /// Makes a checkpoint part of the public list.
  void setListed(String id);

  /// Makes a checkpoint the fine-tune itself, which is called so from now on.
  void makeModel(String id, String modelName);

  /// By the name that users call.
  Optional<Checkpoint> findByName(String modelName);

  /// Those that are listed, the oldest first, at most `limit`.
  List<Checkpoint> listed(int limit);

  /// The name answers no more; the job stays.
  boolean markDeleted(String modelName);

  /// Whether a row that is not deleted names this adapter.
  default boolean referencesAdapter(String adapterId) {
    return ofAdapter(adapterId).isPresent();
  }

  /// The row that names this adapter and is not deleted.
  Optional<Checkpoint> ofAdapter(String adapterId);
}
