package dev.luthier.platform.models;

import java.time.Instant;

/// A project's leave to use a checkpoint.
///
/// @param modelName the checkpoint's full name
public record CheckpointPermission(
    String id, String modelName, String projectId, Instant createdAt) {
  public static final String PROJECT_PATTERN = "[A-Za-z0-9_-]{1,64}";
}
