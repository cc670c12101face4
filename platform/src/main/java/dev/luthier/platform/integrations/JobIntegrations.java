package dev.luthier.platform.integrations;

import dev.luthier.platform.Transactions;
import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.EventStore;
import dev.luthier.platform.jobs.Integration;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobLedger;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.JobStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Watches the rows of jobs and brings their figures to where each was asked to bring them. Apart
/// from training: a service that is slow or away delays nobody. Belongs to the thread that ticks.
public final class JobIntegrations {
  private static final Set<JobState> UNFINISHED =
      EnumSet.of(JobState.VALIDATING_FILES, JobState.QUEUED, JobState.RUNNING, JobState.PAUSED);

  static final String NOT_SENT =
      "The wandb integration is kept, but nothing is sent to Weights & Biases: an administrator"
          + " switches that on by the settings wandb_url and wandb_api_key";

  /// What it works with; closed by whoever made it.
  ///
  /// @param tracker empty where nothing may be sent
  public record Collaborators(
      JobStore jobs,
      EventStore events,
      JobLedger ledger,
      IntegrationStore store,
      Optional<Tracker> tracker,
      Transactions transactions) {}

  private final Collaborators with;
  private final Clock clock;
  private final Map<String, List<Outlet>> open = new LinkedHashMap<>();
  private boolean remembered;

  public JobIntegrations(Collaborators with, Clock clock) {
    this.with = with;
    this.clock = clock;
  }

  /// One round.
  ///
  /// @return whether there is a job whose figures are to be brought somewhere
  public boolean tick() {
    try {
      openJobs();
      for (String jobId : List.copyOf(open.keySet())) {
        Optional<Job> job = with.jobs().find(jobId);
        if (job.isEmpty() || delivered(job.get())) {
          with.store().close(jobId);
          open.remove(jobId);
        }
      }
      return !open.isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException("what is left to send cannot be noted", e);
    }
  }

  private void openJobs() throws IOException {
    for (Job job : with.jobs().inStates(UNFINISHED)) {
      if (!job.integrations().isEmpty() && !open.containsKey(job.id())) {
        with.store().open(job.id());
        open.put(job.id(), outlets(job));
      }
    }
    if (!remembered) {
      for (String jobId : with.store().openJobs()) {
        with.jobs().find(jobId).ifPresent(job -> open.putIfAbsent(jobId, outlets(job)));
      }
      remembered = true;
    }
  }

  private boolean delivered(Job job) {
    boolean all = true;
    for (Outlet outlet : open.getOrDefault(job.id(), List.of())) {
      all &= outlet.deliver(job);
    }
    return all && job.state().terminal();
  }

  private List<Outlet> outlets(Job job) {
    var outlets = new ArrayList<Outlet>();
    for (Integration integration : job.integrations()) {
      switch (integration) {
        case Integration.TensorBoard _ ->
            outlets.add(new TensorBoardOutlet(with.events()::metrics, with.store(), this::say));
        case Integration.Wandb asked -> {
          if (with.tracker().isPresent()) {
            outlets.add(
                new TrackerOutlet(
                    asked, with.tracker().get(), with.events()::metrics, this::say, clock));
          } else {
            say(job, EventLevel.WARN, NOT_SENT);
          }
        }
      }
    }
    return outlets;
  }

  private void say(Job job, EventLevel level, String message) {
    with.transactions().run(() -> with.ledger().once(job.id(), level, message));
  }
}
