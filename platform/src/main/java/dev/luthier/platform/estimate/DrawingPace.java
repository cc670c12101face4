package dev.luthier.platform.estimate;

/// How fast this machine answers with an adapter that is trained, many answers at once, as a short
/// run of the decoder has shown.
///
/// @param startSeconds until it could take a prompt
/// @param promptTokenSeconds of a token of a prompt that is read
/// @param tokenSeconds of a token that is drawn, of all answers together
/// @param peakBytes the most memory that the run held, mapped weights included
public record DrawingPace(
    double startSeconds, double promptTokenSeconds, double tokenSeconds, long peakBytes) {
  public DrawingPace {
    if (!(startSeconds >= 0 && promptTokenSeconds > 0 && tokenSeconds > 0)) {
      throw new IllegalArgumentException(
          "a pace of %s s to start, %s s a token read, %s s a token drawn"
              .formatted(startSeconds, promptTokenSeconds, tokenSeconds));
    }
  }
}
