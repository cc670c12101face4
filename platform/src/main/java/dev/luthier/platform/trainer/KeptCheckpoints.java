package dev.luthier.platform.trainer;

import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.CheckpointStore;
import dev.luthier.platform.jobs.Extensions;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.StepMetricsRecord;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.models.AdapterStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What a finished job leaves in public.
///
/// @param model the one that the fine-tune's name answers with
/// @param listed those of the last or most rewarded epochs and the model, newest first
/// @param best whether the model was chosen by its loss
record KeptCheckpoints(Checkpoint model, List<Checkpoint> listed, boolean best) {
  KeptCheckpoints {
    listed = List.copyOf(listed);
  }

  /// @param newestFirst all that there are, at least one
  static KeptCheckpoints of(List<Checkpoint> newestFirst, Extensions asked, int listedMax) {
    Optional<Checkpoint> best = asked.keepsBest() ? best(newestFirst) : Optional.empty();
    Checkpoint model = best.orElse(newestFirst.getFirst());
    List<Checkpoint> listed = new ArrayList<>(listed(newestFirst, listedMax));
    if (!listed.contains(model)) {
      listed.add(model);
    }
    return new KeptCheckpoints(model, listed, best.isPresent());
  }

  /// Whether a job's checkpoints are removed that are not among these: whole models are large, and
  /// rewarded runs leave one at every look.
  static boolean only(Job job) {
    return job.hyperparameters().extensions().trainsAllWeights()
        || job.method() instanceof TrainingMethod.Reinforcement;
  }

  /// Without those that only are listed: whole models are large.
  KeptCheckpoints onlyModel() {
    return new KeptCheckpoints(model, List.of(model), best);
  }

  /// Those that are not kept lose name and folder.
  void removeOthers(String jobId, CheckpointStore checkpoints, AdapterStore adapters)
      throws IOException {
    List<String> kept = listed.stream().map(Checkpoint::id).toList();
    for (Checkpoint other : checkpoints.ofJob(jobId)) {
      if (!kept.contains(other.id()) && checkpoints.markDeleted(other.modelName())) {
        adapters.delete(other.adapterId());
      }
    }
  }

  /// The newest, or where answers to the validation file were rewarded, those with the highest
  /// mean; in any case newest first.
  private static List<Checkpoint> listed(List<Checkpoint> newestFirst, int most) {
    Comparator<Checkpoint> byReward =
        Comparator.comparingDouble(KeptCheckpoints::heldOutReward).reversed();
    List<Checkpoint> best = newestFirst.stream().sorted(byReward).limit(most).toList();
    return newestFirst.stream().filter(best::contains).toList();
  }

  private static double heldOutReward(Checkpoint checkpoint) {
    return checkpoint
        .metrics()
        .measure(StepMetricsRecord.HELD_OUT_REWARD)
        .orElse(Double.NEGATIVE_INFINITY);
  }

  /// The earliest of those with the lowest loss over the validation file; empty when none was
  /// measured.
  private static Optional<Checkpoint> best(List<Checkpoint> newestFirst) {
    return newestFirst.reversed().stream()
        .filter(checkpoint -> checkpoint.metrics().fullValidLoss().isPresent())
        .min(Comparator.comparingDouble(some -> some.metrics().fullValidLoss().getAsDouble()));
  }
}
