package dev.luthier.platform.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.Extensions;
import dev.luthier.platform.jobs.StepMetricsRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeptCheckpointsTest {
  /// Checkpoints of epochs, newest first.
  private static List<Checkpoint> rewarded(double... means) {
    var all = new ArrayList<Checkpoint>();
    for (int epoch = 1; epoch <= means.length; epoch++) {
      var metrics = StepMetricsRecord.training(epoch, means.length, 1, 0.5);
      all.addFirst(
          checkpoint(epoch, metrics.with(Map.of("full_valid_mean_reward", means[epoch - 1]))));
    }
    return all;
  }

  private static Checkpoint checkpoint(int epoch, StepMetricsRecord metrics) {
    return new Checkpoint(
        "ckpt-" + epoch,
        "job",
        Instant.EPOCH,
        "ft:" + epoch,
        "base",
        "adapter-" + epoch,
        epoch,
        epoch,
        metrics,
        false,
        false);
  }

  private static List<Integer> listed(List<Checkpoint> newestFirst) {
    var kept = KeptCheckpoints.of(newestFirst, Extensions.NONE, 3);
    assertEquals(newestFirst.getFirst(), kept.model());
    assertFalse(kept.best());
    return kept.listed().stream().map(Checkpoint::epoch).toList();
  }

  @Test
  void thoseThatWereRewardedMostAreListedAndTheLastOne() {
    assertEquals(List.of(5, 3, 2), listed(rewarded(0.1, 0.7, 0.9, 0.2, 0.8)));
    assertEquals(List.of(4, 3, 1, 5), listed(rewarded(0.7, 0.1, 0.9, 0.8, 0.2)));
    assertEquals(List.of(2, 1), listed(rewarded(0.9, 0.1)));
  }

  @Test
  void withoutRewardsOrWithLikeOnesTheNewestAreListed() {
    assertEquals(List.of(4, 3, 2), listed(rewarded(0.5, 0.5, 0.5, 0.5)));
    var plain = new ArrayList<Checkpoint>();
    for (int epoch = 1; epoch <= 4; epoch++) {
      plain.addFirst(checkpoint(epoch, StepMetricsRecord.training(epoch, 4, 1, 0.5)));
    }
    assertEquals(List.of(4, 3, 2), listed(plain));
  }
}
