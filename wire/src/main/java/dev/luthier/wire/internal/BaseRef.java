package dev.luthier.wire.internal;

/// A base model and the folder it was imported to.
public record BaseRef(String id, String folder) {
  public BaseRef {
    Check.text("id", id);
    Check.text("folder", folder);
  }
}
