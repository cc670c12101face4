package dev.luthier.store.sql;

import dev.luthier.platform.launch.Launch;
import dev.luthier.platform.launch.LaunchId;
import dev.luthier.platform.launch.LaunchStore;
import dev.luthier.platform.launch.WorkerKind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// The rows of launches.
public final class SqlLaunchStore implements LaunchStore {
  private final Database database;

  public SqlLaunchStore(Database database) {
    this.database = database;
  }

  @Override
  public void insert(Launch launch) {
    database.write(handle -> {
      new Row()
          .put("id", launch.id().text())
          .put("kind", launch.kind().text())
          .put("subject", launch.subject())
          .put("attempt", launch.attempt())
          .put("code_hash", launch.codeHash())
          .put("token_hash", launch.tokenHash())
          .time("created_at", launch.createdAt())
          .insert(handle, "launches");
      return true;
    });
  }

  @Override
  public Optional<Launch> find(LaunchId id) {
    return findBy("id", id.text());
  }

  @Override
  public Optional<Launch> byToken(String tokenHash) {
    return findBy("token_hash", tokenHash);
  }

  private Optional<Launch> findBy(String column, String value) {
    return database.read(handle ->
        handle
            .createQuery("select * from launches where " + column + " = :value")
            .bind("value", value)
            .map((row, _) -> read(row))
            .findOne());
  }

  @Override
  public boolean enrol(LaunchId id, String tokenHash) {
    return database.write(handle ->
        handle.execute(
                "update launches set token_hash = ? where id = ? and token_hash is null",
                tokenHash,
                id.text())
            == 1);
  }

  @Override
  public void remove(LaunchId id) {
    database.write(handle -> handle.execute("delete from launches where id = ?", id.text()));
  }

  @Override
  public void purge(Instant before) {
    database.write(handle ->
        handle
            .createUpdate(
                "delete from launches where created_at < :before and not exists"
                    + " (select 1 from jobs where jobs.id = launches.subject"
                    + " and jobs.launch_id = launches.id)"
                    + " and kind = 'trainer'")
            .bind("before", before.toEpochMilli())
            .execute());
  }

  private static Launch read(ResultSet row) throws SQLException {
    return new Launch(
        new LaunchId(row.getString("id")),
        WorkerKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        row.getString("subject"),
        row.getInt("attempt"),
        row.getString("code_hash"),
        Row.optionalText(row, "token_hash"),
        Row.time(row, "created_at"));
  }
}
