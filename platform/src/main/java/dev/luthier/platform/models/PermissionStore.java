package dev.luthier.platform.models;

import dev.luthier.platform.PageRequest;
import java.util.List;
import java.util.Optional;

/// Port: the rows of permissions. Safe for many threads; see `Transactions` for durability.
public interface PermissionStore {
  void insert(CheckpointPermission permission);

  /// Every project's permission on a checkpoint, the oldest first.
  List<CheckpointPermission> of(String modelName);

  /// At most `limit + 1` of a checkpoint's permissions, those of one project only if it is given.
  /// Empty when the cursor is unknown.
  Optional<List<CheckpointPermission>> list(
      String modelName, Optional<String> projectId, PageRequest page, boolean oldestFirst);

  /// False when the checkpoint has no such permission.
  boolean delete(String modelName, String id);
}
