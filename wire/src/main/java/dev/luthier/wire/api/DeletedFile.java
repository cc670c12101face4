package dev.luthier.wire.api;

/// The answer to the deletion of a file; OpenAI sends its keys in this order.
public record DeletedFile(String object, boolean deleted, String id) {
  public DeletedFile(String id) {
    this("file", true, id);
  }
}
