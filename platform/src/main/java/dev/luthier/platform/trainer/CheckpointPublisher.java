package dev.luthier.platform.trainer;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Organisation;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.CheckpointStore;
import dev.luthier.platform.jobs.Extensions;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.ModelNames;
import dev.luthier.platform.keys.SecretHash;
import dev.luthier.platform.models.AdapterStore;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Turns staged files into a checkpoint that can be called. Safe for many threads.
public final class CheckpointPublisher {
  private final CheckpointStore checkpoints;
  private final AdapterStore adapters;
  private final Transactions transactions;
  private final Organisation organisation;
  private final Identifiers identifiers;
  private final Clock clock;

  public CheckpointPublisher(
      CheckpointStore checkpoints,
      AdapterStore adapters,
      Transactions transactions,
      Organisation organisation,
      Identifiers identifiers,
      Clock clock) {
    this.checkpoints = checkpoints;
    this.adapters = adapters;
    this.transactions = transactions;
    this.organisation = organisation;
    this.identifiers = identifiers;
    this.clock = clock;
  }

  static String stagingId(Job job, int step) {
    return "%s-a%d-s%d".formatted(job.id(), job.run().attempt(), step);
  }

  /// Whose job a staging id belongs to.
  public static String jobOfStaging(String stagingId) {
    String[] parts = stagingId.split("-a", 2);
    return parts[0];
  }

  /// Publishes once; a checkpoint of this step that is there already stays.
  ///
  /// @param facts what the run's losses follow from; they go into the adapter's manifest
  /// @param still finds the job again, fenced, inside the transaction that writes the row
  void publish(
      Job job, PublishedCheckpoint published, Map<String, String> facts, Supplier<Job> still)
      throws IOException {
    String stagingId = stagingId(job, published.step());
    if (checkpoints.atStep(job.id(), published.step()).isPresent()) {
      adapters.discardStaged(stagingId);
      return;
    }
    // The id follows from job and step, so that a second try after a crash finds the folder.
    String adapterId = productId(job, published.step());
    adapters.publish(stagingId, adapterId, published.sha256s(), about(job, published, facts));
    transactions.run(() -> {
      Job now = still.get();
      if (checkpoints.atStep(now.id(), published.step()).isEmpty()) {
        checkpoints.insert(row(now, adapterId, published));
      }
    });
    Extensions asked = job.hyperparameters().extensions();
    if (KeptCheckpoints.only(job)) {
      int listed = asked.trainsAllWeights() ? 1 : JobFinisher.LISTED_CHECKPOINTS;
      KeptCheckpoints.of(checkpoints.ofJob(job.id()), asked, listed)
          .removeOthers(job.id(), checkpoints, adapters);
    }
  }

  /// Ids of whole models are also those of the processes that answer for them: in small letters, as
  /// the ids of bases are.
  private static String productId(Job job, int step) {
    return job.hyperparameters().extensions().trainsAllWeights()
        ? "%s%s-s%d"
            .formatted(AdapterStore.WHOLE_MODEL, SecretHash.of(job.id()).substring(0, 24), step)
        : "adapter-%s-s%d".formatted(job.id().substring(6), step);
  }

  private static Map<String, String> about(
      Job job, PublishedCheckpoint published, Map<String, String> facts) {
    Map<String, String> about = new TreeMap<>(facts);
    about.put("job", job.id());
    about.put("base", job.baseId());
    about.put("attempt", Integer.toString(job.run().attempt()));
    about.put("step", Integer.toString(published.step()));
    about.put("seed", Integer.toString(job.seed()));
    return about;
  }

  private Checkpoint row(Job job, String adapterId, PublishedCheckpoint published) {
    boolean last =
        published.step() == job.run().totalSteps().orElseThrow()
            && !job.hyperparameters().extensions().chosenAtEnd();
    String id = identifiers.modelSuffix();
    String name =
        last
            ? ModelNames.fineTune(job.baseId(), organisation.slug(), job.suffix(), id)
            : ModelNames.checkpoint(
                job.baseId(), organisation.slug(), job.suffix(), id, published.step());
    return new Checkpoint(
        identifiers.checkpoint(),
        job.id(),
        clock.instant(),
        name,
        job.baseId(),
        adapterId,
        published.step(),
        published.epoch(),
        published.metrics(),
        last,
        false);
  }
}
