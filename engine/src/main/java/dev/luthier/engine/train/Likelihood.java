package dev.luthier.engine.train;

import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.train.gradient.GradientSource;
import dev.luthier.engine.train.gradient.Pack;
import dev.luthier.engine.train.gradient.Tally;
import java.util.List;
import java.util.Map;

/// Makes targets likely: the loss of rows is the mean over their targets.
///
/// The step's number of targets is known before, so accumulating equals one big batch by
/// construction.
record Likelihood(TrainingData data, GradientSource source) implements Objective {
  @Override
  public Look accumulate(List<Integer> rows, long key, Tensor gradient) {
    var batch = rows.stream().map(data.training()::get).toList();
    long targets = batch.stream().mapToLong(TrainingExample::targets).sum();
    var tally = Tally.NONE;
    long next = key;
    for (var pack : packs(batch)) {
      tally = tally.plus(source.accumulate(pack, 1.0 / targets, next++, gradient));
    }
    return look(tally);
  }

  @Override
  public Look evaluate(List<Integer> rows) {
    var tally = Tally.NONE;
    for (var pack : packs(rows.stream().map(data.validation()::get).toList())) {
      tally = tally.plus(source.evaluate(pack));
    }
    return look(tally);
  }

  private List<Pack> packs(List<TrainingExample> rows) {
    return Pack.of(rows, PACK_ROWS, source.sharesPrefixes());
  }

  private static Look look(Tally tally) {
    return new Look(tally.sums(), tally.targets(), tally.targets(), Map.of());
  }

  @Override
  public long tokens(List<Integer> rows) {
    return rows.stream().map(data.training()::get).mapToLong(TrainingExample::length).sum();
  }
}
