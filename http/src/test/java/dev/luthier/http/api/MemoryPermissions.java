package dev.luthier.http.api;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.models.CheckpointPermission;
import dev.luthier.platform.models.PermissionStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Permissions in memory.
final class MemoryPermissions implements PermissionStore {
  private final List<CheckpointPermission> rows = new ArrayList<>();

  @Override
  public synchronized void insert(CheckpointPermission permission) {
    rows.add(permission);
  }

  @Override
  public synchronized List<CheckpointPermission> of(String modelName) {
    return rows.stream().filter(row -> row.modelName().equals(modelName)).toList();
  }

  @Override
  public synchronized Optional<List<CheckpointPermission>> list(
      String modelName, Optional<String> projectId, PageRequest page, boolean oldestFirst) {
    var chosen =
        of(modelName).stream()
            .filter(row -> projectId.filter(id -> !id.equals(row.projectId())).isEmpty())
            .toList();
    return Pages.cut(oldestFirst ? chosen : chosen.reversed(), CheckpointPermission::id, page);
  }

  @Override
  public synchronized boolean delete(String modelName, String id) {
    return rows.removeIf(row -> row.modelName().equals(modelName) && row.id().equals(id));
  }
}
