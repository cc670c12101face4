package dev.luthier.text.template;

/// Bounds of one rendering: a template is code of strangers.
///
/// @param steps nodes evaluated, elements visited and, at 32 a step, characters made
/// @param outputCharacters longest text, of the result and of any string on the way
/// @param depth levels of nested expressions, blocks, macro calls and values together
public record RenderLimits(long steps, int outputCharacters, int depth) {
  /// Four million steps, 1 Mi characters, 1,000 levels.
  ///
  /// Measured on a shared server core: of 31 templates written to waste time most were stopped
  /// within 0.5 s, the slowest (title case over and over) within 4 s; a chat of five short turns
  /// renders in less than 0.1 ms.
  public static final RenderLimits DEFAULT = new RenderLimits(4_000_000, 1 << 20, 1_000);

  public RenderLimits {
    if (steps < 1 || outputCharacters < 1 || depth < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: steps %d, output %d, depth %d"
              .formatted(steps, outputCharacters, depth));
    }
  }
}
