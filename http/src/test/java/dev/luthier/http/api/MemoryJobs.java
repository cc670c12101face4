package dev.luthier.http.api;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.CheckpointStore;
import dev.luthier.platform.jobs.EventData;
import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.EventStore;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobEvent;
import dev.luthier.platform.jobs.JobQuery;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.JobStore;
import dev.luthier.platform.jobs.StepMetricsRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Jobs, their events and checkpoints in memory.
final class MemoryJobs implements JobStore, EventStore, CheckpointStore {

  private final List<Job> jobs = new ArrayList<>();
  private final List<JobEvent> events = new ArrayList<>();
  private final Map<String, List<StepMetricsRecord>> metrics = new HashMap<>();
  private final List<Checkpoint> checkpoints = new ArrayList<>();

  @Override
  public synchronized void insert(Job job) {
    jobs.add(job);
  }

  @Override
  public synchronized Optional<Job> find(String id) {
    return jobs.stream().filter(job -> job.id().equals(id)).findFirst();
  }

  @Override
  public synchronized boolean update(Job job, int attempt, Set<JobState> states) {
    for (int i = 0; i < jobs.size(); i++) {
      var row = jobs.get(i);
      if (row.id().equals(job.id())
          && row.run().attempt() == attempt
          && states.contains(row.state())) {
        jobs.set(i, job);
        return true;
      }
    }
    return false;
  }

  /// Puts a job as it is, for a test that needs it so.
  synchronized void put(Job job) {
    jobs.removeIf(row -> row.id().equals(job.id()));
    jobs.add(job);
  }

  @Override
  public synchronized Optional<List<Job>> list(JobQuery query) {
    var chosen =
        jobs.stream()
            .filter(job ->
                job.metadata().orElse(Map.of()).entrySet().containsAll(query.metadata().entrySet()))
            .filter(job -> !query.withoutMetadata() || job.metadata().isEmpty())
            .toList()
            .reversed();
    return Pages.cut(chosen, Job::id, query.page());
  }

  @Override
  public synchronized List<Job> inStates(Set<JobState> states) {
    return jobs.stream().filter(job -> states.contains(job.state())).toList();
  }

  @Override
  public synchronized void putFirst(String id) {
    find(id)
        .ifPresent(job -> {
          jobs.remove(job);
          jobs.addFirst(job);
        });
  }

  @Override
  public boolean holdsAdapter(String adapterId) {
    return false;
  }

  @Override
  public boolean holdsFile(String fileId) {
    return false;
  }

  @Override
  public synchronized void append(
      String id,
      String jobId,
      Instant createdAt,
      EventLevel level,
      String message,
      EventData data) {
    events.add(new JobEvent(id, jobId, events.size() + 1L, createdAt, level, message, data));
  }

  @Override
  public synchronized boolean contains(String jobId, EventLevel level, String message) {
    return events.stream()
        .anyMatch(event -> event.jobId().equals(jobId) && event.message().equals(message));
  }

  @Override
  public synchronized Optional<List<JobEvent>> list(String jobId, PageRequest page) {
    var ofJob = events.stream().filter(event -> event.jobId().equals(jobId)).toList().reversed();
    return Pages.cut(ofJob, JobEvent::id, page);
  }

  @Override
  public synchronized boolean addMetrics(String jobId, int attempt, StepMetricsRecord step) {
    return metrics.computeIfAbsent(jobId, _ -> new ArrayList<>()).add(step);
  }

  @Override
  public synchronized List<StepMetricsRecord> metrics(String jobId) {
    return List.copyOf(metrics.getOrDefault(jobId, List.of()));
  }

  @Override
  public synchronized void insert(Checkpoint checkpoint) {
    checkpoints.add(checkpoint);
  }

  @Override
  public synchronized List<Checkpoint> ofJob(String jobId) {
    return checkpoints.stream().filter(some -> some.jobId().equals(jobId)).toList().reversed();
  }

  @Override
  public Optional<Checkpoint> atStep(String jobId, int step) {
    return Optional.empty();
  }

  @Override
  public void setListed(String id) {}

  @Override
  public void makeModel(String id, String modelName) {}

  @Override
  public synchronized Optional<Checkpoint> findByName(String modelName) {
    return checkpoints.stream().filter(some -> some.modelName().equals(modelName)).findFirst();
  }

  @Override
  public synchronized List<Checkpoint> listed(int limit) {
    return checkpoints.stream().filter(Checkpoint::listed).limit(limit).toList();
  }

  @Override
  public synchronized boolean markDeleted(String modelName) {
    return checkpoints.removeIf(some -> some.modelName().equals(modelName));
  }

  @Override
  public Optional<Checkpoint> ofAdapter(String adapterId) {
    return Optional.empty();
  }
}
