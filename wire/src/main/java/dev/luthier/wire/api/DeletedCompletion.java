package dev.luthier.wire.api;

/// The answer to the deletion of a stored chat completion.
public record DeletedCompletion(String object, String id, boolean deleted) {
  public DeletedCompletion(String id) {
    this("chat.completion.deleted", id, true);
  }
}
