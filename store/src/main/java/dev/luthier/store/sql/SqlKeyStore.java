package dev.luthier.store.sql;

import dev.luthier.platform.keys.ApiKey;
import dev.luthier.platform.keys.KeyStore;
import java.util.List;

/// The hashes of keys.
public final class SqlKeyStore implements KeyStore {
  private final Database database;

  public SqlKeyStore(Database database) {
    this.database = database;
  }

  @Override
  public List<String> hashes() {
    return database.read(
        handle -> handle.createQuery("select hash from api_keys").mapTo(String.class).list());
  }

  @Override
  public boolean exists(Origin origin) {
    return database.read(handle ->
        handle
                .createQuery("select count(*) from api_keys where origin = :origin")
                .bind("origin", origin.name())
                .mapTo(int.class)
                .one()
            > 0);
  }

  @Override
  public void add(ApiKey key) {
    database.write(handle -> {
      handle.execute("delete from api_keys where hash = ?", key.hash());
      new Row()
          .put("hash", key.hash())
          .put("origin", key.origin().name())
          .put("name", key.name())
          .put("shown", key.shown())
          .time("created_at", key.createdAt())
          .insert(handle, "api_keys");
      return true;
    });
  }

  @Override
  public List<ApiKey> all() {
    return database.read(handle ->
        handle
            .createQuery("select * from api_keys order by created_at, hash")
            .map((row, _) ->
                new ApiKey(
                    row.getString("hash"),
                    Origin.valueOf(row.getString("origin")),
                    row.getString("name"),
                    row.getString("shown"),
                    Row.time(row, "created_at")))
            .list());
  }

  @Override
  public boolean remove(String hash) {
    return database.write(
        handle -> handle.execute("delete from api_keys where hash = ?", hash) == 1);
  }

  @Override
  public void removeAll(Origin origin) {
    database.write(
        handle -> handle.execute("delete from api_keys where origin = ?", origin.name()));
  }
}
