package dev.luthier.text.template;

/// Counts what one rendering uses up and stops it at its limits. Every loop over something a
/// template can make large pays here before it works.
final class Fuel {
  private static final int CHARACTERS_PER_STEP = 32;

  private final RenderLimits limits;
  private long stepsLeft;
  private int depth;

  Fuel(RenderLimits limits) {
    this.limits = limits;
    this.stepsLeft = limits.steps();
  }

  void step() {
    steps(1);
  }

  void steps(long count) {
    stepsLeft -= count;
    if (stepsLeft < 0) {
      throw new Refusal(
          "stopped after %d steps, the limit of one rendering; an endless loop?"
              .formatted(limits.steps()));
    }
  }

  /// Pays for making a text of this many characters, which may not be longer than the output.
  void characters(long count) {
    length(count);
    steps(1 + count / CHARACTERS_PER_STEP);
  }

  /// Checks the length of a text that grows.
  void length(long characters) {
    if (characters > limits.outputCharacters()) {
      throw new Refusal(
          "a text of %d characters exceeds the limit of %d for one rendering"
              .formatted(characters, limits.outputCharacters()));
    }
  }

  void enter() {
    if (++depth > limits.depth()) {
      throw new Refusal(
          "nested deeper than %d levels; a macro that calls itself?".formatted(limits.depth()));
    }
  }

  void leave() {
    depth--;
  }
}
