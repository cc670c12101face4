package dev.luthier.text;

/// Messages that a model cannot take. The message is a sentence for whoever sent them.
public final class MessagesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int index;

  /// Refuses messages.
  ///
  /// @param index the message, from 0; -1 when it is about all of them
  public MessagesException(int index, String message) {
    super(message);
    this.index = index;
  }

  /// The message, from 0; -1 when it is about all of them.
  public int index() {
    return index;
  }
}
