package dev.luthier.platform.estimate;

/// How fast this machine trains a base, as a short run of the trainer's own kernels has shown.
///
/// @param startSeconds from the start of a trainer to its first step, and what its first steps take
///   longer than later ones
/// @param stepSeconds of a step, whatever its tokens
/// @param tokenSeconds of a token of a step
/// @param peakBytes the most memory that the run held, mapped weights included
/// @param peakTokens of the longest row that it was with
public record Pace(
    double startSeconds, double stepSeconds, double tokenSeconds, long peakBytes, int peakTokens) {
  public Pace {
    if (!(startSeconds >= 0 && stepSeconds >= 0 && tokenSeconds > 0)) {
      throw new IllegalArgumentException(
          "a pace of %s s to start, %s s a step, %s s a token"
              .formatted(startSeconds, stepSeconds, tokenSeconds));
    }
  }
}
