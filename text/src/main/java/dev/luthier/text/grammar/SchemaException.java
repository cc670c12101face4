package dev.luthier.text.grammar;

/// A schema that answers cannot be held to; the message says where, why, and what would do.
public final class SchemaException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SchemaException(String message) {
    super(message);
  }
}
