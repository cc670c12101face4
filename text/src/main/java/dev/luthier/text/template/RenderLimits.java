package dev.luthier.text.template;

/// Bounds of one rendering: a template is code of strangers.
///
/// @param steps nodes evaluated, elements visited and, at 32 a step, characters made
/// @param outputCharacters longest text, of the result and of any string on the way
/// @param depth nested calls of macros and of nested values
public record RenderLimits(long steps, int outputCharacters, int depth) {
  /// Four million steps (some 0.2 s), 1 Mi characters, 200 levels.
  public static final RenderLimits DEFAULT = new RenderLimits(4_000_000, 1 << 20, 200);

  public RenderLimits {
    if (steps < 1 || outputCharacters < 1 || depth < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: steps %d, output %d, depth %d"
              .formatted(steps, outputCharacters, depth));
    }
  }
}
