package dev.luthier.store.sql;

import dev.luthier.platform.stored.ResponseStore;
import dev.luthier.platform.stored.StoredResponse;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The rows of stored responses.
public final class SqlResponseStore implements ResponseStore {
  private final Database database;

  public SqlResponseStore(Database database) {
    this.database = database;
  }

  @Override
  public void insert(StoredResponse response) {
    database.write(handle -> {
      new Row()
          .put("id", response.id())
          .time("created_at", response.createdAt())
          .put("still_open", response.open())
          .put("answer", response.answer())
          .put("items", response.items())
          .insert(handle, "stored_responses");
      return true;
    });
  }

  @Override
  public Optional<StoredResponse> find(String id) {
    return database.read(handle ->
        handle
            .createQuery("select * from stored_responses where id = :id")
            .bind("id", id)
            .map((row, _) -> response(row))
            .findOne());
  }

  private static StoredResponse response(ResultSet row) throws SQLException {
    return new StoredResponse(
        row.getString("id"),
        Row.time(row, "created_at"),
        row.getBoolean("still_open"),
        row.getString("answer"),
        row.getString("items"));
  }

  @Override
  public List<StoredResponse> ended(Optional<StoredResponse> olderThan, int limit) {
    return database.read(handle ->
        handle
            .createQuery(
                "select * from stored_responses where still_open = 0 and (created_at < :time"
                    + " or (created_at = :time and id < :id))"
                    + " order by created_at desc, id desc limit :limit")
            .bind(
                "time",
                olderThan.map(last -> last.createdAt().toEpochMilli()).orElse(Long.MAX_VALUE))
            .bind("id", olderThan.map(StoredResponse::id).orElse(""))
            .bind("limit", limit)
            .map((row, _) -> response(row))
            .list());
  }

  @Override
  public boolean setAnswer(String id, String answer, boolean stillOpen) {
    return database.write(handle ->
        handle.execute(
                "update stored_responses set answer = ?, still_open = ?"
                    + " where id = ? and still_open = 1",
                answer,
                stillOpen,
                id)
            == 1);
  }

  @Override
  public List<String> open() {
    return database.read(handle ->
        handle
            .createQuery("select id from stored_responses where still_open = 1 order by created_at")
            .mapTo(String.class)
            .list());
  }

  @Override
  public boolean delete(String id) {
    return database.write(
        handle -> handle.execute("delete from stored_responses where id = ?", id) == 1);
  }

  @Override
  public void purge(Instant before) {
    database.purge("stored_responses", before);
  }
}
