package dev.luthier.engine.train;

import dev.luthier.engine.tensor.CounterRandom;
import java.util.Arrays;
import java.util.List;

/// The order of rows: a function of (seed, epoch) alone, so that any step can be found again
/// without replaying those before it.
public record RowOrder(long seed, int rows, int batchSize) {
  private static final long STREAM = 2;

  public int stepsPerEpoch() {
    return TrainingSettings.stepsPerEpoch(rows, batchSize);
  }

  /// The epoch of a step; both count from 1.
  int epoch(int step) {
    return (step - 1) / stepsPerEpoch() + 1;
  }

  boolean endsEpoch(int step) {
    return step % stepsPerEpoch() == 0;
  }

  /// The rows of a step, by index; an epoch's last batch may be smaller.
  public List<Integer> batch(int step) {
    int first = (step - 1) % stepsPerEpoch() * batchSize;
    int last = Math.min(first + batchSize, rows);
    return Arrays.stream(shuffled(epoch(step)), first, last).boxed().toList();
  }

  /// Fisher-Yates with the epoch's own stream.
  private int[] shuffled(int epoch) {
    var random = new CounterRandom(seed, STREAM, epoch);
    var order = new int[rows];
    Arrays.setAll(order, i -> i);
    for (int i = rows - 1; i > 0; i--) {
      int j = random.below(i + 1, i);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
