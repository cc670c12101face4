package dev.luthier.store.sql;

import dev.luthier.platform.idempotency.Creation;
import dev.luthier.platform.idempotency.CreationStore;
import java.time.Instant;
import java.util.Optional;

/// The rows of creations that carried an Idempotency-Key.
public final class SqlCreationStore implements CreationStore {
  private final Database database;

  public SqlCreationStore(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Creation> find(String kind, String key) {
    return database.read(handle ->
        handle
            .createQuery("select * from idempotent_creations where kind = :kind and name = :name")
            .bind("kind", kind)
            .bind("name", key)
            .map((row, _) ->
                new Creation(
                    row.getString("kind"),
                    row.getString("name"),
                    row.getString("request_sha256"),
                    row.getString("created_id"),
                    Row.time(row, "created_at")))
            .findOne());
  }

  @Override
  public void insert(Creation creation) {
    database.write(handle -> {
      new Row()
          .put("kind", creation.kind())
          .put("name", creation.key())
          .put("request_sha256", creation.requestSha256())
          .put("created_id", creation.made())
          .time("created_at", creation.createdAt())
          .insert(handle, "idempotent_creations");
      return true;
    });
  }

  @Override
  public void purge(Instant before) {
    database.write(handle ->
        handle.execute(
            "delete from idempotent_creations where created_at < ?", before.toEpochMilli()));
  }
}
