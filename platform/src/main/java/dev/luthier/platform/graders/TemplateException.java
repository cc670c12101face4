package dev.luthier.platform.graders;

/// A template asks for something that a row or a sample does not have.
public final class TemplateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean sampleUnread;

  /// @param sampleUnread whether it asks for the sample as JSON, which the sample is not
  TemplateException(String message, boolean sampleUnread) {
    super(message);
    this.sampleUnread = sampleUnread;
  }

  /// Whether the sample is to blame, which was to be JSON and is not.
  public boolean sampleUnread() {
    return sampleUnread;
  }

  /// The message; never empty.
  public String text() {
    return String.valueOf(getMessage());
  }
}
