package dev.luthier.platform.models;

/// A name that stands for a model.
///
/// @param model a base, a fine-tune or a checkpoint by its own name
/// @param builtIn whether the program brought it along and nobody has moved it
public record Alias(String name, String model, boolean builtIn) {
  /// Also the names of OpenAI's own fine-tunes, which callers may go on using.
  public static final String NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}";
}
