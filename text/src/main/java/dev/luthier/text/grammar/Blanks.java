package dev.luthier.text.grammar;

/// The white space that JSON may have between its parts: as people and programs write it, but never
/// so much that a model could go on with it for ever.
final class Blanks {
  private static final int INDENT_MAX = 64;
  private static final int TABS_MAX = 16;
  private static final Part NONE = new Part.Sequence();
  private static final Part BLANK = new Part.Literal(" ");

  /// After a colon: a blank or none.
  static final Part ONE = new Part.Choice(NONE, BLANK);

  /// Around the elements of objects and arrays: a blank, a new line with its indentation, or none.
  static final Part LINE =
      new Part.Choice(
          NONE,
          BLANK,
          new Part.Sequence(
              new Part.Literal("\n"),
              new Part.Choice(
                  NONE,
                  new Part.Repeat(BLANK, 1, INDENT_MAX),
                  new Part.Repeat(new Part.Literal("\t"), 1, TABS_MAX))));

  private Blanks() {}
}
