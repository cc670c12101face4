package dev.luthier.platform.estimate;

/// What a job will take. Time is counted from the trainer's start to the last step; a queue before
/// it is not part of it.
///
/// @param tokens in all passes, validation apart
/// @param peakBytes the most memory of the trainer, mapped weights included
public record Estimate(
    int examples,
    int epochs,
    int batchSize,
    long steps,
    long tokens,
    long trainedTokens,
    double seconds,
    long peakBytes) {
  /// A validation batch is looked at every so many steps, and the whole file after each epoch.
  private static final int VALIDATION_EVERY_STEPS = 10;

  /// Without a way back, and without a gradient for the adapter.
  private static final double FORWARD_SHARE = 1.0 / 3;

  /// Rows of a batch are computed in packs of about so many tokens; a longer row is one of its own.
  private static final int PACK_TOKENS = 1024;

  /// What a token of a pack holds in memory beside the weights, measured on the catalog's base:
  /// rows of 92, 532 and 2,032 tokens, and batches of 8 and 32 rows, peaked within 3 % of this
  /// line.
  static final long BYTES_PER_TOKEN = 360_000;

  /// The adapter is written after each epoch.
  private static final double EPOCH_SECONDS = 0.15;

  /// From what the machine was measured to do.
  public static Estimate of(JobPlan plan, Pace pace) {
    long steps =
        Math.multiplyExact((long) Math.ceilDiv(plan.examples(), plan.batchSize()), plan.epochs());
    long tokens = plan.tokens() * plan.epochs();
    double seconds =
        pace.startSeconds()
            + steps * pace.stepSeconds()
            + tokens * pace.tokenSeconds()
            + (validationTokens(plan, steps) + plan.referenceTokens())
                * pace.tokenSeconds()
                * FORWARD_SHARE
            + plan.epochs() * EPOCH_SECONDS;
    return new Estimate(
        plan.examples(),
        plan.epochs(),
        plan.batchSize(),
        steps,
        tokens,
        plan.trainedTokens() * plan.epochs(),
        seconds,
        peakBytes(plan, pace));
  }

  private static double validationTokens(JobPlan plan, long steps) {
    if (plan.validationExamples() == 0) {
      return 0;
    }
    double mean = (double) plan.validationTokens() / plan.validationExamples();
    int batch = Math.min(plan.batchSize(), plan.validationExamples());
    long looks = steps / VALIDATION_EVERY_STEPS;
    return (double) plan.validationTokens() * plan.epochs() + mean * batch * looks;
  }

  /// The probe's peak, plus or less the tokens by which this job's largest pack differs from its.
  private static long peakBytes(JobPlan plan, Pace pace) {
    return Math.max(
        0, pace.peakBytes() + BYTES_PER_TOKEN * (pack(plan) - (long) pace.peakTokens()));
  }

  /// What is looked at without learning is packed as far as it goes, whatever the batch.
  private static long pack(JobPlan plan) {
    double mean = (double) plan.tokens() / plan.examples();
    long batch = Math.round(plan.batchSize() * mean);
    long looked = Math.max(plan.validationTokens(), plan.referenceTokens());
    return Math.max(plan.longest(), Math.min(PACK_TOKENS, Math.max(batch, looked)));
  }
}
