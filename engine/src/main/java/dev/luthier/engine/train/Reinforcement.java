package dev.luthier.engine.train;

import dev.luthier.engine.model.MasterWeights;
import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.train.gradient.GradientSource;
import dev.luthier.engine.train.gradient.LossWeights;
import dev.luthier.engine.train.gradient.Pack;
import dev.luthier.engine.train.gradient.Tally;
import dev.luthier.engine.train.gradient.TargetLosses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/// Group-relative policy optimization (Shao et al., 2024, equation 3, with one step a batch, where
/// the ratio of policies is 1 and nothing is clipped): to each prompt a group of answers is drawn
/// from the model as it is; an answer's advantage is its reward less the group's mean, over the
/// group's standard deviation; every token of it is made that much likelier.
///
/// The loss is -(1/N) sum over the N tokens drawn of A log p - c k, with k = r/p - log(r/p) - 1 for
/// a token's probabilities p now and r at the beginning of the run, which is the divergence of the
/// two on average. Of a token's loss l = -log p its derivative is A - c (1 - r/p): so the gradient
/// is that of the tokens' losses with these weights.
final class Reinforcement implements Objective {
  private static final long DRAWING = 11;
  private static final long EVALUATING = 12;
  private static final double DEVIATION_MIN = 1e-4;

  /// The largest log(r/p) that is counted: one odd token must not drown all others.
  private static final double LOG_RATIO_MAX = 5;

  private final ReinforcementData data;
  private final GradientSource source;
  private final MasterWeights masters;
  private final Reference reference;
  private final long seed;
  private long lastTokens;

  Reinforcement(ReinforcementData data, GradientSource source, MasterWeights masters, long seed) {
    this.data = data;
    this.source = source;
    this.masters = masters;
    this.reference = new Reference(masters.parameters(), source);
    this.seed = seed;
  }

  @Override
  public boolean looksAtAllRows() {
    return true;
  }

  /// Answers with what they were worth.
  private record Drawn(List<Integer> rows, List<Answer> answers, List<Rewards.Reward> rewards) {
    Map<String, Double> measures() {
      return Map.of(
          "mean_reward",
          rewards.stream().mapToDouble(Rewards.Reward::value).average().orElse(0),
          "mean_parse_error",
          share(Rewards.Reward::unreadable),
          "mean_unresponsive_rewards",
          share(Rewards.Reward::unanswered),
          "completion_tokens_mean",
          answers.stream().mapToInt(Answer::length).average().orElse(0));
    }

    private double share(Predicate<Rewards.Reward> what) {
      return (double) rewards.stream().filter(what).count() / rewards.size();
    }
  }

  private Drawn draw(boolean validation, List<Integer> rows, int each, CounterRandom seeds) {
    var prompts = validation ? data.validation() : data.training();
    var rowOf = new ArrayList<Integer>();
    var wanted = new ArrayList<Answering.Wanted>();
    for (int row : rows) {
      for (int i = 0; i < each; i++) {
        rowOf.add(row);
        wanted.add(new Answering.Wanted(prompts.get(row), seeds.bits((long) row * each + i)));
      }
    }
    var answers = data.answering().draw(masters, wanted);
    var judged = new ArrayList<Rewards.Judged>();
    for (int i = 0; i < answers.size(); i++) {
      judged.add(new Rewards.Judged(validation, rowOf.get(i), answers.get(i)));
    }
    var rewards = data.rewards().of(judged);
    if (rewards.size() != answers.size()) {
      throw new TrainingException(
          "%d rewards for %d answers".formatted(rewards.size(), answers.size()));
    }
    return new Drawn(rowOf, answers, rewards);
  }

  @Override
  public Look accumulate(List<Integer> rows, long key, Tensor gradient) {
    int group = data.settings().group();
    var drawn = draw(false, rows, group, new CounterRandom(seed, DRAWING, key));
    var advantages = new HashMap<TrainingExample, Double>();
    var examples = new ArrayList<TrainingExample>();
    for (int first = 0; first < drawn.answers().size(); first += group) {
      var prompt = data.training().get(drawn.rows().get(first));
      double[] relative = advantages(drawn.rewards().subList(first, first + group));
      for (int i = 0; i < group; i++) {
        var example = prompt.with(drawn.answers().get(first + i));
        examples.add(example);
        advantages.put(example, relative[i]);
      }
    }
    lastTokens = examples.stream().mapToLong(TrainingExample::length).sum();
    return accumulate(examples, advantages, key, gradient, drawn.measures());
  }

  /// How far each reward lies above the mean, in standard deviations; 0 where all are alike.
  static double[] advantages(List<Rewards.Reward> group) {
    double mean = group.stream().mapToDouble(Rewards.Reward::value).average().orElse(0);
    double squares =
        group.stream().mapToDouble(it -> (it.value() - mean) * (it.value() - mean)).sum();
    double deviation = Math.sqrt(squares / group.size()) + DEVIATION_MIN;
    return group.stream().mapToDouble(it -> (it.value() - mean) / deviation).toArray();
  }

  private Look accumulate(
      List<TrainingExample> examples,
      Map<TrainingExample, Double> advantages,
      long key,
      Tensor gradient,
      Map<String, Double> drawn) {
    var packs = Pack.of(examples, PACK_ROWS, source.sharesPrefixes());
    long targets = packs.stream().mapToLong(Pack::targets).sum();
    var beginning = reference.with(() -> packs.stream().map(source::losses).toList());
    var divergence = new Divergence();
    var tally = Tally.NONE;
    for (int i = 0; i < packs.size(); i++) {
      var pack = packs.get(i);
      var before = beginning.get(i);
      LossWeights.Found weights =
          now -> weights(pack, now, before, advantages, targets, divergence);
      tally = tally.plus(source.accumulate(pack, weights, key + i, gradient));
    }
    var measures = new HashMap<>(drawn);
    measures.put("mean_kl", divergence.sum / Math.max(1, targets));
    return new Look(tally.sums(), tally.targets(), tally.targets(), measures);
  }

  /// What tokens have come to so far.
  private static final class Divergence {
    private double sum;
  }

  private float[] weights(
      Pack pack,
      TargetLosses now,
      TargetLosses before,
      Map<TrainingExample, Double> advantages,
      long targets,
      Divergence divergence) {
    var weights = new float[pack.targets()];
    for (int t = 0; t < weights.length; t++) {
      double advantage = Objects.requireNonNull(advantages.get(pack.example(t)));
      double logRatio = Math.min(now.loss(t) - before.loss(t), LOG_RATIO_MAX);
      double excess = Math.expm1(logRatio);
      divergence.sum += excess - logRatio;
      weights[t] = (float) ((advantage + data.settings().nearness() * excess) / targets);
    }
    return weights;
  }

  /// The same seeds at every look, so that looks can be compared. Nothing but the rewards is looked
  /// at: there are no losses.
  @Override
  public Look evaluate(List<Integer> rows) {
    if (rows.isEmpty()) {
      return Look.NONE;
    }
    int each = data.settings().evaluations();
    var drawn = draw(true, rows, each, new CounterRandom(seed, EVALUATING));
    return Look.of(drawn.measures());
  }

  /// Of the batch that was accumulated last, its answers included.
  @Override
  public long tokens(List<Integer> rows) {
    return lastTokens;
  }

  @Override
  public void close() {
    reference.close();
  }
}
