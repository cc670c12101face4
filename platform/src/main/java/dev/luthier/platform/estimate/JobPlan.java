package dev.luthier.platform.estimate;

/// What a job is to do.
///
/// @param tokens of one pass over the rows, after rows are cut, and `trainedTokens` the targets
///   among them
/// @param longest tokens of the longest row, after it is cut
/// @param validationExamples 0 without a validation file
/// @param validationTokens of one pass over that file
/// @param referenceTokens that the model reads once before the first step, without learning
public record JobPlan(
    int examples,
    long tokens,
    long trainedTokens,
    int longest,
    int epochs,
    int batchSize,
    int validationExamples,
    long validationTokens,
    long referenceTokens) {
  public JobPlan {
    if (examples < 1 || epochs < 1 || batchSize < 1) {
      throw new IllegalArgumentException(
          "%d examples, %d epochs, batches of %d".formatted(examples, epochs, batchSize));
    }
  }
}
