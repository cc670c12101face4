package dev.luthier.store.sql;

import dev.luthier.platform.uploads.Upload;
import dev.luthier.platform.uploads.UploadPart;
import dev.luthier.platform.uploads.UploadState;
import dev.luthier.platform.uploads.UploadStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The rows of uploads in parts.
public final class SqlUploadStore implements UploadStore {
  private final Database database;

  public SqlUploadStore(Database database) {
    this.database = database;
  }

  @Override
  public void insert(Upload upload) {
    database.write(handle -> {
      new Row()
          .put("id", upload.id())
          .put("bytes", upload.bytes())
          .time("created_at", upload.createdAt())
          .time("expires_at", upload.expiresAt())
          .put("filename", upload.filename())
          .put("purpose", upload.purpose().text())
          .put("file_seconds", upload.fileSeconds().stream().boxed().findFirst())
          .put("state", upload.state().text())
          .put("file_id", upload.fileId())
          .insert(handle, "uploads");
      return true;
    });
  }

  @Override
  public Optional<Upload> find(String id) {
    return database.read(handle ->
        handle
            .createQuery("select * from uploads where id = :id")
            .bind("id", id)
            .map((row, _) -> read(row))
            .findOne());
  }

  @Override
  public void update(Upload upload) {
    database.write(handle ->
        handle
            .createUpdate("update uploads set state = :state, file_id = :file where id = :id")
            .bind("state", upload.state().text())
            .bind("file", upload.fileId().orElse(null))
            .bind("id", upload.id())
            .execute());
  }

  @Override
  public void insertPart(UploadPart part) {
    database.write(handle -> {
      long position =
          handle
              .createQuery(
                  "select coalesce(max(position), 0) + 1 from upload_parts where upload_id = :upload")
              .bind("upload", part.uploadId())
              .mapTo(long.class)
              .one();
      new Row()
          .put("id", part.id())
          .put("upload_id", part.uploadId())
          .put("position", position)
          .time("created_at", part.createdAt())
          .put("bytes", part.bytes())
          .insert(handle, "upload_parts");
      return true;
    });
  }

  @Override
  public List<UploadPart> parts(String uploadId) {
    return database.read(handle ->
        handle
            .createQuery("select * from upload_parts where upload_id = :upload order by position")
            .bind("upload", uploadId)
            .map((row, _) ->
                new UploadPart(
                    row.getString("id"),
                    row.getString("upload_id"),
                    Row.time(row, "created_at"),
                    row.getLong("bytes")))
            .list());
  }

  @Override
  public boolean referencesPart(String partId) {
    return database.read(handle ->
        handle
            .createQuery("select 1 from upload_parts where id = :id")
            .bind("id", partId)
            .mapTo(int.class)
            .findOne()
            .isPresent());
  }

  @Override
  public List<String> removeEndedParts(Instant now) {
    return database.write(handle -> {
      List<String> ids =
          handle
              .createQuery(
                  "select upload_parts.id from upload_parts join uploads on uploads.id = upload_id"
                      + " where state <> 'pending' or uploads.expires_at <= :now")
              .bind("now", now.toEpochMilli())
              .mapTo(String.class)
              .list();
      ids.forEach(id -> handle.execute("delete from upload_parts where id = ?", id));
      return ids;
    });
  }

  private static Upload read(ResultSet row) throws SQLException {
    return new Upload(
        row.getString("id"),
        row.getLong("bytes"),
        Row.time(row, "created_at"),
        Row.time(row, "expires_at"),
        row.getString("filename"),
        Row.purpose(row),
        Row.optionalLong(row, "file_seconds").map(OptionalLong::of).orElse(OptionalLong.empty()),
        UploadState.of(row.getString("state")),
        Row.optionalText(row, "file_id"));
  }
}
