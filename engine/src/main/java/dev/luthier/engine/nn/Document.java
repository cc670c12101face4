package dev.luthier.engine.nn;

/// Rows of a pack that attend together: a document's own, and before them those of a prefix that it
/// shares with others. A prefix is a document too, one that has none before it.
///
/// Each own row sees all rows of the prefix, and its own up to itself.
public record Document(Span prefix, Span own) {
  /// Rows that adjoin.
  public record Span(int start, int length) {
    public static final Span NONE = new Span(0, 0);

    public int end() {
      return start + length;
    }
  }

  public Document {
    if (own.length() < 1 || (prefix.length() > 0 && prefix.end() > own.start())) {
      throw new IllegalArgumentException("rows %s behind a prefix %s".formatted(own, prefix));
    }
  }

  /// A document that shares nothing, or a prefix itself.
  public static Document alone(Span own) {
    return new Document(Span.NONE, own);
  }

  /// The rows whose keys its last row sees.
  public int keys() {
    return prefix.length() + own.length();
  }

  public boolean hasPrefix() {
    return prefix.length() > 0;
  }
}
