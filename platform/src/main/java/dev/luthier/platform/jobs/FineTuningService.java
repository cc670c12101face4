package dev.luthier.platform.jobs;

import dev.luthier.platform.Page;
import dev.luthier.platform.PageRequest;
import java.util.List;

/// Fine-tuning jobs as users create, watch and cancel them. Safe for many threads.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // Bodies follow.
public final class FineTuningService {
  public static final int SUFFIX_LENGTH_MAX = 64;

  /// Checks the request, holds its files and queues the job for validation; durable on return.
  public Job create(CreateJob request) {
    throw new UnsupportedOperationException(request.model());
  }

  public Job get(String id) {
    throw new UnsupportedOperationException(id);
  }

  public Page<Job> list(JobQuery query) {
    throw new UnsupportedOperationException(query.toString());
  }

  /// Final at once in the row; a running trainer learns of it at its next word with the server.
  public Job cancel(String id) {
    throw new UnsupportedOperationException(id);
  }

  /// Newest first.
  public Page<JobEvent> events(String id, PageRequest page) {
    throw new UnsupportedOperationException(id + page);
  }

  /// The public list: the last three epochs of a succeeded job, newest first.
  public Page<Checkpoint> checkpoints(String id, PageRequest page) {
    throw new UnsupportedOperationException(id + page);
  }

  /// Every checkpoint there is, also while the job runs, newest first; for the dashboard.
  public List<Checkpoint> allCheckpoints(String id) {
    throw new UnsupportedOperationException(id);
  }

  /// All steps' figures in order, for the dashboard's curves.
  public List<StepMetricsRecord> metrics(String id) {
    throw new UnsupportedOperationException(id);
  }
}
