package dev.luthier.platform.estimate;

/// What a job will take. Time is counted from the trainer's start to the last step; a queue before
/// it is not part of it.
///
/// @param answers that are drawn in training, validation apart; 0 unless the job draws any
/// @param tokens in all passes, validation apart; answers that are drawn count in full length
/// @param atMost whether `tokens` and `seconds` are what they come to if no answer that is drawn
///   ends before its greatest length
/// @param peakBytes the most memory of the trainer, mapped weights included
public record Estimate(
    int examples,
    int epochs,
    int batchSize,
    long steps,
    long answers,
    long tokens,
    long trainedTokens,
    double seconds,
    long peakBytes,
    boolean atMost) {
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
    long steps = steps(plan);
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
        0,
        tokens,
        plan.trainedTokens() * plan.epochs(),
        seconds,
        peakBytes(plan.longest(), packed(plan), pace),
        false);
  }

  /// Of reinforcement: what is drawn is learnt from, beside the model at the beginning, and each
  /// look at the validation file draws again.
  ///
  /// @param plan with the tokens of prompts
  public static Estimate of(JobPlan plan, DrawingPlan drawn, Pace pace, DrawingPace drawing) {
    long steps = steps(plan);
    long answers = (long) plan.examples() * drawn.group() * plan.epochs();
    long drawnTokens = answers * drawn.answerTokensMax();
    long promptTokens = plan.tokens() * drawn.group() * plan.epochs();
    long tokens = promptTokens + drawnTokens;
    long looks = (steps / drawn.evalInterval() + plan.epochs()) * drawn.evalSamples();
    long heldTokens = looks * plan.validationExamples() * drawn.answerTokensMax();
    double seconds =
        pace.startSeconds()
            + drawing.startSeconds()
            + steps * pace.stepSeconds()
            + tokens * pace.tokenSeconds() * (1 + FORWARD_SHARE)
            + (promptTokens + looks * plan.validationTokens()) * drawing.promptTokenSeconds()
            + (drawnTokens + heldTokens) * drawing.tokenSeconds()
            + plan.epochs() * EPOCH_SECONDS;
    double mean = (double) plan.tokens() / plan.examples() + drawn.answerTokensMax();
    long peak =
        peakBytes(
            plan.longest() + drawn.answerTokensMax(),
            Math.round(plan.batchSize() * drawn.group() * mean),
            pace);
    return new Estimate(
        plan.examples(),
        plan.epochs(),
        plan.batchSize(),
        steps,
        answers,
        tokens,
        drawnTokens,
        seconds,
        peak + drawing.peakBytes(),
        true);
  }

  private static long steps(JobPlan plan) {
    return Math.multiplyExact(
        (long) Math.ceilDiv(plan.examples(), plan.batchSize()), plan.epochs());
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

  /// What is looked at without learning is packed as far as it goes, whatever the batch.
  private static long packed(JobPlan plan) {
    double mean = (double) plan.tokens() / plan.examples();
    long looked = Math.max(plan.validationTokens(), plan.referenceTokens());
    return Math.max(Math.round(plan.batchSize() * mean), looked);
  }

  /// The probe's peak, plus or less the tokens by which this job's largest pack differs from its.
  ///
  /// @param packed tokens that are to be packed together
  private static long peakBytes(int longest, long packed, Pace pace) {
    long pack = Math.max(longest, Math.min(PACK_TOKENS, packed));
    return Math.max(0, pace.peakBytes() + BYTES_PER_TOKEN * (pack - (long) pace.peakTokens()));
  }
}
