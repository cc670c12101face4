package dev.luthier.engine.train;

/// Two answers to the same prompt, of which one is preferred. The targets are the answers' tokens.
public record PreferencePair(TrainingExample preferred, TrainingExample other) {
  public PreferencePair {
    if (preferred.targets() == 0 || other.targets() == 0) {
      throw new IllegalArgumentException(
          "a pair whose answers have %d and %d targets; each needs one"
              .formatted(preferred.targets(), other.targets()));
    }
    if (preferred == other) {
      throw new IllegalArgumentException("a pair of one answer with itself");
    }
  }

  /// Tokens of both, their prompts included.
  public long length() {
    return (long) preferred.length() + other.length();
  }
}
