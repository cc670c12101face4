package dev.luthier.text.template;

/// Where characters of a rendered prompt come from. Only characters of origin [Template] were
/// written by the author of the template; all others were typed by a user or a model and must never
/// be read as control tokens.
public sealed interface Origin {
  /// The template itself, the special tokens handed to it, or text computed from neither messages
  /// nor tools.
  record Template() implements Origin {}

  /// Text taken from, or computed with text of, one message.
  ///
  /// @param index position in the array of messages, from 0
  record Message(int index) implements Origin {
    public Message {
      if (index < 0) {
        throw new IllegalArgumentException("message index " + index + " is negative");
      }
    }
  }

  /// Text taken from the list of tools.
  record Tools() implements Origin {}
}
