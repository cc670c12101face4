package dev.luthier.store.sql;

import dev.luthier.platform.models.AliasStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/// The rows of aliases.
public final class SqlAliasStore implements AliasStore {
  private final Database database;

  public SqlAliasStore(Database database) {
    this.database = database;
  }

  @Override
  public List<Entry> all() {
    return database.read(handle ->
        handle
            .createQuery("select * from aliases order by name")
            .map((row, _) -> read(row))
            .list());
  }

  @Override
  public Optional<Entry> find(String name) {
    return database.read(handle ->
        handle
            .createQuery("select * from aliases where name = :name")
            .bind("name", name)
            .map((row, _) -> read(row))
            .findOne());
  }

  @Override
  public void put(Entry entry) {
    database.write(handle -> {
      handle.execute("delete from aliases where name = ?", entry.name());
      new Row().put("name", entry.name()).put("model", entry.model()).insert(handle, "aliases");
      return true;
    });
  }

  @Override
  public void forget(String name) {
    database.write(handle -> handle.execute("delete from aliases where name = ?", name));
  }

  private static Entry read(ResultSet row) throws SQLException {
    return new Entry(row.getString("name"), Row.optionalText(row, "model"));
  }
}
