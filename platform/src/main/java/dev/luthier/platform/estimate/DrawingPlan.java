package dev.luthier.platform.estimate;

/// How a job of reinforcement draws answers.
///
/// @param group answers that are drawn to a prompt and compared
/// @param evalInterval the validation file is looked at every so many steps, and after each epoch
/// @param evalSamples answers that are drawn to each of its prompts
/// @param answerTokensMax where an answer is cut off, if it has not ended
public record DrawingPlan(int group, int evalInterval, int evalSamples, int answerTokensMax) {
  public DrawingPlan {
    if (group < 1 || evalInterval < 1 || evalSamples < 1 || answerTokensMax < 1) {
      throw new IllegalArgumentException(
          "%d answers of %d tokens, %d every %d steps"
              .formatted(group, answerTokensMax, evalSamples, evalInterval));
    }
  }
}
