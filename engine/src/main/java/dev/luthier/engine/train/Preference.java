package dev.luthier.engine.train;

import dev.luthier.engine.tensor.Numbers;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.train.gradient.GradientSource;
import dev.luthier.engine.train.gradient.LossWeights;
import dev.luthier.engine.train.gradient.Pack;
import dev.luthier.engine.train.gradient.TargetLosses;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// Direct preference optimization (Rafailov et al., 2023, equation 7): the loss of a pair is -log
/// sigmoid(z), z = beta ((w - w0) - (l - l0)), with w and l the summed log probabilities of the
/// preferred answer and of the other, and w0 and l0 those under the model that the run began with.
/// The loss of a batch is the mean over its pairs.
///
/// z is the margin between the answers' rewards. Its derivative is beta for every target of the
/// preferred answer and -beta for every other, so the gradient is that of the targets' losses, each
/// weighted by beta sigmoid(-z) or its negative: one forward pass finds z, and the same pass goes
/// back with the weights. Pairs are never cut apart, so that a pass sees both answers.
final class Preference implements Objective {
  private final PreferenceData data;
  private final GradientSource source;

  /// w0 and l0 of the training pairs, then of the validation pairs.
  private final float[] reference;

  Preference(PreferenceData data, GradientSource source) {
    this.data = data;
    this.source = source;
    reference = new float[2 * (data.rows() + data.validationRows())];
    Arrays.fill(reference, Float.NaN);
  }

  /// A pair and where its numbers stand in `reference`.
  private record Placed(PreferencePair pair, int place) {
    List<TrainingExample> answers() {
      return List.of(pair.preferred(), pair.other());
    }
  }

  private Placed training(int row) {
    return new Placed(data.training().get(row), 2 * row);
  }

  private Placed validation(int row) {
    return new Placed(data.validation().get(row), 2 * (data.rows() + row));
  }

  @Override
  public float[] constants() {
    return reference;
  }

  /// In the file's order, so that a number does not depend on when it is found.
  @Override
  public boolean prepare(BooleanSupplier goOn) {
    return prepare(IntStream.range(0, data.rows()).mapToObj(this::training).toList(), goOn)
        && prepare(
            IntStream.range(0, data.validationRows()).mapToObj(this::validation).toList(), goOn);
  }

  private boolean prepare(List<Placed> pairs, BooleanSupplier goOn) {
    if (pairs.stream().noneMatch(pair -> Float.isNaN(reference[pair.place()]))) {
      return true;
    }
    var places = new HashMap<TrainingExample, Integer>();
    for (var pair : pairs) {
      places.put(pair.pair().preferred(), pair.place());
      places.put(pair.pair().other(), pair.place() + 1);
    }
    for (var pack : packs(pairs)) {
      if (!goOn.getAsBoolean()) {
        return false;
      }
      logProbabilities(pack, source.losses(pack))
          .forEach((answer, sum) -> reference[of(places, answer)] = sum.floatValue());
    }
    return true;
  }

  @Override
  public Look accumulate(List<Integer> rows, long key, Tensor gradient) {
    var pairs = rows.stream().map(this::training).toList();
    var sums = new Sums();
    long next = key;
    for (var pack : packs(pairs)) {
      LossWeights.Found weights = seen -> weights(pack, seen, pairs, sums);
      source.accumulate(pack, weights, next++, gradient);
    }
    return sums.look();
  }

  private float[] weights(Pack pack, TargetLosses seen, List<Placed> pairs, Sums sums) {
    var weightOf = new HashMap<TrainingExample, Float>();
    sums.margins(pack, seen, pairs)
        .forEach((pair, z) -> {
          float weight = (float) (data.beta() / (1 + Math.exp(z)) / pairs.size());
          weightOf.put(pair.preferred(), weight);
          weightOf.put(pair.other(), -weight);
        });
    var weights = new float[pack.targets()];
    for (int t = 0; t < weights.length; t++) {
      weights[t] = of(weightOf, pack.example(t));
    }
    return weights;
  }

  @Override
  public Look evaluate(List<Integer> rows) {
    var pairs = rows.stream().map(this::validation).toList();
    var sums = new Sums();
    for (var pack : packs(pairs)) {
      sums.margins(pack, source.losses(pack), pairs);
    }
    return sums.look();
  }

  private List<Pack> packs(List<Placed> pairs) {
    var groups = pairs.stream().map(Placed::answers).toList();
    return Pack.ofGroups(groups, PACK_ROWS, source.sharesPrefixes());
  }

  /// Sums of log probabilities of a pack's answers, added up in the order of their targets.
  private static Map<TrainingExample, Double> logProbabilities(Pack pack, TargetLosses seen) {
    var sums = new HashMap<TrainingExample, Double>();
    for (int t = 0; t < pack.targets(); t++) {
      sums.merge(pack.example(t), -(double) seen.loss(t), Double::sum);
    }
    return sums;
  }

  /// What pairs came to so far.
  private final class Sums {
    private double loss;
    private double margin;
    private int ranked;
    private int pairs;
    private long right;
    private long targets;

    /// Adds the pairs that are in a pack, and gives the z of each.
    Map<PreferencePair, Double> margins(Pack pack, TargetLosses seen, List<Placed> among) {
      var sums = logProbabilities(pack, seen);
      var preferred = new HashSet<TrainingExample>();
      var margins = new LinkedHashMap<PreferencePair, Double>();
      for (var placed : among) {
        var pair = placed.pair();
        if (sums.containsKey(pair.preferred())) {
          double w = of(sums, pair.preferred()) - reference[placed.place()];
          double l = of(sums, pair.other()) - reference[placed.place() + 1];
          double z = data.beta() * (w - l);
          margins.put(pair, z);
          preferred.add(pair.preferred());
          add(z);
        }
      }
      for (int t = 0; t < pack.targets(); t++) {
        if (preferred.contains(pack.example(t))) {
          targets++;
          right += seen.isRight(t) ? 1 : 0;
        }
      }
      return margins;
    }

    private void add(double z) {
      loss += softplus(-z);
      margin += z;
      ranked += z > 0 ? 1 : 0;
      pairs++;
    }

    Look look() {
      if (pairs == 0) {
        return Look.NONE;
      }
      return new Look(
          Numbers.known(loss, (double) right),
          pairs,
          targets,
          Map.of("reward_margin", margin / pairs, "reward_accuracy", (double) ranked / pairs));
    }
  }

  private static <T> T of(Map<TrainingExample, T> numbers, TrainingExample answer) {
    return Objects.requireNonNull(numbers.get(answer), "an answer that is in no pack");
  }

  /// log(1 + e^x), which for a large x is x.
  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  @Override
  public long tokens(List<Integer> rows) {
    return rows.stream().map(data.training()::get).mapToLong(PreferencePair::length).sum();
  }
}
