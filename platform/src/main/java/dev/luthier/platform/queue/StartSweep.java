package dev.luthier.platform.queue;

import dev.luthier.platform.files.FileService;
import dev.luthier.platform.jobs.CheckpointStore;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobStore;
import dev.luthier.platform.models.AdapterStore;
import dev.luthier.platform.trainer.CheckpointPublisher;
import dev.luthier.platform.trainer.RunStore;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what no row names: all of it at the start, before the server listens, and what jobs
/// leave behind also later.
public final class StartSweep {
  private static final Logger log = LoggerFactory.getLogger(StartSweep.class);
  private final FileService files;
  private final AdapterStore adapters;
  private final CheckpointStore checkpoints;
  private final RunStore runs;
  private final JobStore jobs;

  public StartSweep(
      FileService files,
      AdapterStore adapters,
      CheckpointStore checkpoints,
      RunStore runs,
      JobStore jobs) {
    this.files = files;
    this.adapters = adapters;
    this.checkpoints = checkpoints;
    this.runs = runs;
    this.jobs = jobs;
  }

  /// What unfinished jobs may still need stays: a trainer may have outlived the server.
  public void run() throws IOException {
    files.sweep();
    for (String id : adapters.ids()) {
      boolean needed = checkpoints.referencesAdapter(id) || jobs.holdsAdapter(id);
      // A folder may be published and its row not yet written; the trainer will say it again.
      if (!needed && unfinished(jobOfAdapter(id)).isEmpty()) {
        adapters.delete(id);
        log.info("removed the adapter {}, which no row names", id);
      }
    }
    sweepEnded();
  }

  /// Also good between times: drops the staged checkpoints and resume states of jobs that have
  /// ended.
  public void sweepEnded() throws IOException {
    for (String id : adapters.stagedIds()) {
      if (unfinished(CheckpointPublisher.jobOfStaging(id)).isEmpty()) {
        adapters.discardStaged(id);
      }
    }
    for (String jobId : runs.jobIds()) {
      if (unfinished(jobId).isEmpty()) {
        runs.delete(jobId);
      }
    }
  }

  private Optional<Job> unfinished(String jobId) {
    return jobs.find(jobId).filter(job -> !job.state().terminal());
  }

  private static String jobOfAdapter(String adapterId) {
    return adapterId.replaceFirst("^adapter-", "ftjob-").replaceFirst("-s\\d+$", "");
  }
}
