package dev.luthier.store.sql;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.models.CheckpointPermission;
import dev.luthier.platform.models.PermissionStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The rows of permissions on checkpoints.
public final class SqlPermissionStore implements PermissionStore {
  private final Database database;

  public SqlPermissionStore(Database database) {
    this.database = database;
  }

  @Override
  public void insert(CheckpointPermission permission) {
    database.write(handle -> {
      long position =
          handle
              .createQuery("select coalesce(max(position), 0) + 1 from checkpoint_permissions")
              .mapTo(long.class)
              .one();
      new Row()
          .put("id", permission.id())
          .put("position", position)
          .put("model_name", permission.modelName())
          .put("project_id", permission.projectId())
          .time("created_at", permission.createdAt())
          .insert(handle, "checkpoint_permissions");
      return true;
    });
  }

  @Override
  public List<CheckpointPermission> of(String modelName) {
    return database.read(handle ->
        handle
            .createQuery(
                "select * from checkpoint_permissions where model_name = :model order by position")
            .bind("model", modelName)
            .map((row, _) -> read(row))
            .list());
  }

  @Override
  public Optional<List<CheckpointPermission>> list(
      String modelName, Optional<String> projectId, PageRequest page, boolean oldestFirst) {
    return database.read(handle -> {
      long start = oldestFirst ? 0 : Long.MAX_VALUE;
      Optional<Long> cursor =
          page.after().isEmpty()
              ? Optional.of(start)
              : handle
                  .createQuery(
                      "select position from checkpoint_permissions where id = :id and model_name = :model")
                  .bind("id", page.after().get())
                  .bind("model", modelName)
                  .mapTo(Long.class)
                  .findOne();
      return cursor.map(
          position -> page(handle, modelName, projectId, page.limit(), position, oldestFirst));
    });
  }

  private static List<CheckpointPermission> page(
      Handle handle,
      String modelName,
      Optional<String> projectId,
      int limit,
      long cursor,
      boolean oldestFirst) {
    return handle
        .createQuery(
            "select * from checkpoint_permissions where model_name = :model"
                + " and (:project = '' or project_id = :project)"
                + (oldestFirst ? " and position > :cursor" : " and position < :cursor")
                + " order by position "
                + (oldestFirst ? "asc" : "desc")
                + " limit :limit")
        .bind("model", modelName)
        .bind("project", projectId.orElse(""))
        .bind("cursor", cursor)
        .bind("limit", limit + 1)
        .map((row, _) -> read(row))
        .list();
  }

  @Override
  public boolean delete(String modelName, String id) {
    return database.write(handle ->
        handle
                .createUpdate(
                    "delete from checkpoint_permissions where id = :id and model_name = :model")
                .bind("id", id)
                .bind("model", modelName)
                .execute()
            == 1);
  }

  private static CheckpointPermission read(ResultSet row) throws SQLException {
    return new CheckpointPermission(
        row.getString("id"),
        row.getString("model_name"),
        row.getString("project_id"),
        Row.time(row, "created_at"));
  }
}
