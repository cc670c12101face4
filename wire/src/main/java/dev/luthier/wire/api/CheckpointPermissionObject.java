package dev.luthier.wire.api;

/// A project's leave to use a checkpoint. Times are Unix seconds.
public record CheckpointPermissionObject(
    String object, String id, long createdAt, String projectId) {
  /// The answer to its removal.
  public record Deleted(String id, String object, boolean deleted) {
    public Deleted(String id) {
      this(id, "checkpoint.permission", true);
    }
  }
}
