package dev.luthier.text.template;

/// A template cannot be read, or refuses its input, or exceeds a limit.
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final String reason;

  /// @param line line of the template, from 1
  /// @param reason what is wrong, and the remedy where one is known
  public TemplateException(int line, String reason) {
    super("chat template line " + line + ": " + reason);
    this.line = line;
    this.reason = reason;
  }

  /// Line of the template, from 1.
  public int line() {
    return line;
  }

  /// What is wrong; for `raise_exception`, the template's own message.
  public String reason() {
    return reason;
  }
}
