package dev.luthier.store.sql;

import dev.luthier.platform.stored.CompletionQuery;
import dev.luthier.platform.stored.CompletionStore;
import dev.luthier.platform.stored.StoredCompletion;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// The rows of stored completions.
public final class SqlCompletionStore implements CompletionStore {
  private static final MetadataTable METADATA =
      new MetadataTable("stored_completion_metadata", "completion_id");

  private final Database database;

  public SqlCompletionStore(Database database) {
    this.database = database;
  }

  @Override
  public void insert(StoredCompletion completion) {
    database.write(handle -> {
      long position =
          handle
              .createQuery("select coalesce(max(position), 0) + 1 from stored_completions")
              .mapTo(long.class)
              .one();
      new Row()
          .put("id", completion.id())
          .put("position", position)
          .time("created_at", completion.createdAt())
          .put("model", completion.model())
          .put("answer", completion.answer())
          .put("messages", completion.messages())
          .insert(handle, "stored_completions");
      METADATA.insert(handle, completion.id(), completion.metadata());
      return true;
    });
  }

  @Override
  public Optional<StoredCompletion> find(String id) {
    return database.read(handle ->
        handle
            .createQuery("select * from stored_completions where id = :id")
            .bind("id", id)
            .map((row, _) -> read(row, handle))
            .findOne());
  }

  @Override
  public Optional<List<StoredCompletion>> list(CompletionQuery query) {
    return database.read(handle -> {
      Optional<Long> cursor =
          query.page().after().isEmpty()
              ? Optional.of(query.newestFirst() ? Long.MAX_VALUE : 0)
              : handle
                  .createQuery("select position from stored_completions where id = :id")
                  .bind("id", query.page().after().get())
                  .mapTo(Long.class)
                  .findOne();
      return cursor.map(position -> page(handle, query, position));
    });
  }

  private static List<StoredCompletion> page(Handle handle, CompletionQuery query, long cursor) {
    Map<String, Object> values = new LinkedHashMap<>();
    String pairs = METADATA.all("stored_completions", query.metadata(), values);
    return handle
        .createQuery(
            "select * from stored_completions where position "
                + (query.newestFirst() ? "<" : ">")
                + " :cursor and (:model = '' or model = :model)"
                + pairs
                + " order by position "
                + (query.newestFirst() ? "desc" : "asc")
                + " limit :limit")
        .bindMap(values)
        .bind("cursor", cursor)
        .bind("model", query.model().orElse(""))
        .bind("limit", query.page().limit() + 1)
        .map((row, _) -> read(row, handle))
        .list();
  }

  @Override
  public void setMetadata(String id, Map<String, String> metadata) {
    database.write(handle -> {
      METADATA.deleteAll(handle, id);
      METADATA.insert(handle, id, metadata);
      return true;
    });
  }

  @Override
  public boolean delete(String id) {
    return database.write(
        handle -> handle.execute("delete from stored_completions where id = ?", id) == 1);
  }

  @Override
  public void purge(Instant before) {
    database.purge("stored_completions", before);
  }

  private static StoredCompletion read(ResultSet row, Handle handle) throws SQLException {
    String id = row.getString("id");
    return new StoredCompletion(
        id,
        Row.time(row, "created_at"),
        row.getString("model"),
        METADATA.of(handle, id),
        row.getString("answer"),
        row.getString("messages"));
  }
}
