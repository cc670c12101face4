package dev.luthier.platform.jobs;

import dev.luthier.platform.PageRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Port: the events and step metrics of jobs. Safe for many threads; see `Transactions`.
public interface EventStore {
  /// Adds an event with the next sequence number of its job.
  void append(
      String id, String jobId, Instant createdAt, EventLevel level, String message, EventData data);

  /// Whether the job has an event of this level with exactly this text.
  boolean contains(String jobId, EventLevel level, String message);

  /// At most `limit + 1` events, newest first. Empty when the cursor is unknown in this job.
  Optional<List<JobEvent>> list(String jobId, PageRequest page);

  /// Keeps a step's figures unless the job has figures of that step already: the first report wins.
  /// True when they were new.
  boolean addMetrics(String jobId, int attempt, StepMetricsRecord metrics);

  /// All steps' figures in order of steps.
  List<StepMetricsRecord> metrics(String jobId);

  /// How long a step took in the mean of the newest, at most `most` and all after step `from`.
  /// Empty when nothing was told of that.
  default OptionalDouble stepSeconds(String jobId, int from, int most) {
    List<StepMetricsRecord> all = metrics(jobId);
    return all.subList(Math.max(0, all.size() - most), all.size()).stream()
        .filter(step -> step.step() > from)
        .flatMap(step -> step.effort().stream())
        .mapToDouble(StepMetricsRecord.Effort::seconds)
        .average();
  }
}
