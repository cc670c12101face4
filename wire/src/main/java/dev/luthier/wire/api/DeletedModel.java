package dev.luthier.wire.api;

/// The answer to the deletion of a fine-tuned model.
public record DeletedModel(String id, String object, boolean deleted) {
  public DeletedModel(String id) {
    this(id, "model", true);
  }
}
