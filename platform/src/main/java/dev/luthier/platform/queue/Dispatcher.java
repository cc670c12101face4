package dev.luthier.platform.queue;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobLedger;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.JobStore;
import dev.luthier.platform.keys.SecretHash;
import dev.luthier.platform.launch.Launch;
import dev.luthier.platform.launch.LaunchId;
import dev.luthier.platform.launch.LaunchSpec;
import dev.luthier.platform.launch.LaunchStore;
import dev.luthier.platform.launch.Launcher;
import dev.luthier.platform.launch.Sighting;
import dev.luthier.platform.launch.WorkerKind;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves jobs on. [#tick] does all that is due by the clock; one thread at a time calls it.
///
/// The row of a job is the truth. What a launcher says is a hint: a process that is gone is dead,
/// but one that is not known may live, as long as it renews its lease.
public final class Dispatcher {
  private static final Set<JobState> QUEUED = EnumSet.of(JobState.QUEUED);
  private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

  /// What it works with; closed by whoever made it.
  ///
  /// @param validators runs validations, off the thread that ticks; few at a time
  public record Collaborators(
      JobStore jobs,
      LaunchStore launches,
      Launcher launcher,
      Validation validation,
      JobLedger ledger,
      Transactions transactions,
      Executor validators) {}

  private final Collaborators with;
  private final QueueSettings settings;
  private final Identifiers identifiers;
  private final Clock clock;
  private final Supervision supervision;
  private final Set<String> inValidation = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  public Dispatcher(
      Collaborators with, QueueSettings settings, Identifiers identifiers, Clock clock) {
    this.with = with;
    this.settings = settings;
    this.identifiers = identifiers;
    this.clock = clock;
    this.supervision = new Supervision(with, settings, clock);
  }

  /// One round: validates, notices the dead, stops the unwanted, launches the next.
  public void tick() {
    with.jobs().inStates(EnumSet.of(JobState.VALIDATING_FILES)).forEach(this::validate);
    Map<LaunchId, Sighting> sightings = trainers();
    supervision.tick(sightings);
    if (!draining) {
      launchNext(sightings);
    }
  }

  /// Launches no more trainers: the server is stopping.
  public void drain() {
    draining = true;
  }

  /// Whether a trainer is at work or being launched, or one that nobody wants has not yet gone.
  public boolean busy() {
    return trainers().values().stream().anyMatch(Dispatcher::isThere)
        || with.jobs().inStates(Supervision.LAUNCHED).stream()
            .anyMatch(job -> job.run().launchId().isPresent());
  }

  private static boolean isThere(Sighting sighting) {
    return !(sighting.status() instanceof Sighting.Status.Gone);
  }

  private void validate(Job job) {
    if (!inValidation.add(job.id())) {
      return;
    }
    with.validators()
        .execute(() -> {
          try {
            with.validation().validate(job);
          } finally {
            inValidation.remove(job.id());
          }
        });
  }

  private Map<LaunchId, Sighting> trainers() {
    return with.launcher().list().stream()
        .filter(sighting -> sighting.id().text().startsWith(LaunchId.TRAINER_PREFIX))
        .collect(Collectors.toMap(Sighting::id, Function.identity()));
  }

  private void launchNext(Map<LaunchId, Sighting> sightings) {
    Set<String> places = new HashSet<>();
    sightings.values().stream()
        .filter(Dispatcher::isThere)
        .forEach(sighting -> places.add(sighting.id().text()));
    List<Job> unfinished = with.jobs().inStates(Supervision.LAUNCHED);
    unfinished.forEach(job -> job.run().launchId().ifPresent(places::add));
    unfinished.stream()
        .filter(job -> job.state() == JobState.QUEUED && job.run().launchId().isEmpty())
        .limit(Math.max(0, settings.trainersMax() - places.size()))
        .forEach(this::launch);
  }

  /// Attempt and launch are committed before the process is started: one that was started in vain
  /// is refused at its enrolment.
  private void launch(Job job) {
    int attempt = job.run().attempt() + 1;
    LaunchId id = LaunchId.trainer(job.id(), attempt);
    String code = identifiers.secret("enrol-");
    if (!with.transactions().call(() -> decide(job, attempt, id, code))) {
      return; // cancelled meanwhile
    }
    try {
      with.launcher().start(new LaunchSpec(id, WorkerKind.TRAINER, settings.server(), code));
    } catch (RuntimeException e) {
      log.error("the trainer of {} cannot be started; it is tried again", job.id(), e);
      supervision.startFailed(job.id(), attempt, e);
    }
  }

  private boolean decide(Job job, int attempt, LaunchId id, String code) {
    Instant now = clock.instant();
    Job launched = job.change().run(job.run().launched(attempt, id.text(), now)).make();
    boolean first = with.jobs().update(launched, job.run().attempt(), QUEUED);
    if (first) {
      with.launches()
          .insert(
              new Launch(
                  id,
                  WorkerKind.TRAINER,
                  job.id(),
                  attempt,
                  SecretHash.of(code),
                  Optional.empty(),
                  now));
    }
    return first;
  }
}
