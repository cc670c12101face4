package dev.luthier.store.sql;

import dev.luthier.platform.files.FileQuery;
import dev.luthier.platform.files.FileStatus;
import dev.luthier.platform.files.FileStore;
import dev.luthier.platform.files.StoredFile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The rows of files.
public final class SqlFileStore implements FileStore {
  private static final String LIVING =
      "deleted_at is null and (expires_at is null or expires_at > :now)";

  private static final String RELEASED =
      "(deleted_at is not null or expires_at <= :now)"
          + " and not exists (select 1 from jobs where (training_file = files.id"
          + " or validation_file = files.id)"
          + " and state in ('validating_files', 'queued', 'running', 'paused'))"
          + " and not exists (select 1 from batches where input_file_id = files.id"
          + " and state in ('validating', 'in_progress', 'finalizing', 'cancelling'))";

  private final Database database;

  public SqlFileStore(Database database) {
    this.database = database;
  }

  @Override
  public void insert(StoredFile file) {
    database.write(handle -> {
      long position =
          handle
              .createQuery("select coalesce(max(position), 0) + 1 from files")
              .mapTo(long.class)
              .one();
      new Row()
          .put("id", file.id())
          .put("position", position)
          .put("bytes", file.bytes())
          .time("created_at", file.createdAt())
          .time("expires_at", file.expiresAt())
          .put("filename", file.filename())
          .put("purpose", file.purpose().text())
          .put("status", file.status().text())
          .put("status_details", file.statusDetails())
          .put("sha256", file.sha256())
          .insert(handle, "files");
      return true;
    });
  }

  @Override
  public Optional<StoredFile> find(String id, Instant now) {
    return database.read(handle ->
        handle
            .createQuery("select * from files where id = :id and " + LIVING)
            .bind("id", id)
            .bind("now", now.toEpochMilli())
            .map((row, _) -> read(row))
            .findOne());
  }

  @Override
  public Optional<StoredFile> findHeld(String id) {
    return database.read(handle ->
        handle
            .createQuery("select * from files where id = :id")
            .bind("id", id)
            .map((row, _) -> read(row))
            .findOne());
  }

  @Override
  public Optional<List<StoredFile>> list(FileQuery query, Instant now) {
    return database.read(handle -> {
      long none = query.newestFirst() ? Long.MAX_VALUE : Long.MIN_VALUE;
      Optional<Long> cursor =
          query.page().after().isEmpty()
              ? Optional.of(none)
              : handle
                  .createQuery("select position from files where id = :id")
                  .bind("id", query.page().after().get())
                  .mapTo(Long.class)
                  .findOne();
      if (cursor.isEmpty()) {
        return Optional.empty();
      }
      String order = query.newestFirst() ? "desc" : "asc";
      String beyond = query.newestFirst() ? "position < :cursor" : "position > :cursor";
      String purpose = query.purpose().isPresent() ? " and purpose = :purpose" : "";
      var statement =
          handle
              .createQuery(
                  "select * from files where %s and %s%s order by position %s limit :limit"
                      .formatted(LIVING, beyond, purpose, order))
              .bind("now", now.toEpochMilli())
              .bind("cursor", cursor.get())
              .bind("limit", query.page().limit() + 1);
      query.purpose().ifPresent(value -> statement.bind("purpose", value.text()));
      return Optional.of(statement.map((row, _) -> read(row)).list());
    });
  }

  @Override
  public boolean markDeleted(String id, Instant now) {
    return database.write(handle ->
        handle
                .createUpdate("update files set deleted_at = :now where id = :id and " + LIVING)
                .bind("id", id)
                .bind("now", now.toEpochMilli())
                .execute()
            == 1);
  }

  @Override
  public List<String> purge(Instant now) {
    return database.write(handle -> {
      List<String> ids =
          handle
              .createQuery("select id from files where " + RELEASED)
              .bind("now", now.toEpochMilli())
              .mapTo(String.class)
              .list();
      ids.forEach(id -> handle.execute("delete from files where id = ?", id));
      return ids;
    });
  }

  @Override
  public boolean references(String id) {
    return findHeld(id).isPresent();
  }

  private static StoredFile read(ResultSet row) throws SQLException {
    return new StoredFile(
        row.getString("id"),
        row.getLong("bytes"),
        Row.time(row, "created_at"),
        Row.optionalTime(row, "expires_at"),
        row.getString("filename"),
        Row.purpose(row),
        FileStatus.of(row.getString("status")),
        Row.optionalText(row, "status_details"),
        row.getString("sha256"));
  }
}
