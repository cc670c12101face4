package dev.luthier.wire.api;

/// The answer to the deletion of a stored response.
public record DeletedResponse(String id, String object, boolean deleted) {
  public DeletedResponse(String id) {
    this(id, "response.deleted", true);
  }
}
