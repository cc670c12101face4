package dev.luthier.store.sql;

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
  public void add(String hash, Origin origin) {
    database.write(handle -> {
      handle.execute("delete from api_keys where hash = ?", hash);
      return handle.execute("insert into api_keys values (?, ?)", hash, origin.name());
    });
  }

  @Override
  public void removeAll(Origin origin) {
    database.write(
        handle -> handle.execute("delete from api_keys where origin = ?", origin.name()));
  }
}
