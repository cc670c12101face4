package dev.luthier.platform.jobs;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Port: the rows of jobs. Safe for many threads; see `Transactions` for durability.
public interface JobStore {
  void insert(Job job);

  Optional<Job> find(String id);

  /// Writes all of `job` where the row still has the id, `attempt` and one of `states`; false, with
  /// nothing written, when it has not: someone else was first.
  boolean update(Job job, int attempt, Set<JobState> states);

  /// At most `limit + 1` jobs, newest first. Empty when the cursor is unknown.
  Optional<List<Job>> list(JobQuery query);

  /// All jobs in one of `states`, in the order of the queue: the one put first last, then the
  /// oldest.
  List<Job> inStates(Set<JobState> states);

  /// From now on the job comes before all others.
  void putFirst(String id);

  /// Whether a job that has not ended goes on from this adapter.
  boolean holdsAdapter(String adapterId);

  /// Whether a job that has not ended trains or validates on this file.
  boolean holdsFile(String fileId);
}
