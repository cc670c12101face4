package dev.luthier.store.sql;

import dev.luthier.platform.Bell;
import dev.luthier.platform.PageRequest;
import dev.luthier.platform.batches.Batch;
import dev.luthier.platform.batches.BatchAnswer;
import dev.luthier.platform.batches.BatchCounts;
import dev.luthier.platform.batches.BatchError;
import dev.luthier.platform.batches.BatchState;
import dev.luthier.platform.batches.BatchStore;
import dev.luthier.platform.batches.BatchTokens;
import dev.luthier.platform.batches.CreateBatch;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;

/// The rows of batches and of their answers.
public final class SqlBatchStore implements BatchStore {
  private static final MetadataTable METADATA = new MetadataTable("batch_metadata", "batch_id");
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Database database;
  private final Bell ordered;

  public SqlBatchStore(Database database) {
    this(database, new Bell());
  }

  /// @param ordered rung for every new batch
  public SqlBatchStore(Database database, Bell ordered) {
    this.database = database;
    this.ordered = ordered;
  }

  @Override
  public void insert(Batch batch) {
    database.write(handle -> {
      long position =
          handle
              .createQuery("select coalesce(max(position), 0) + 1 from batches")
              .mapTo(long.class)
              .one();
      changing(batch)
          .put("id", batch.id())
          .put("position", position)
          .time("created_at", batch.createdAt())
          .put("input_file_id", batch.order().inputFileId())
          .put("endpoint", batch.order().endpoint())
          .put("output_seconds", batch.order().outputSeconds().stream().boxed().findFirst())
          .put("completed", batch.counts().completed())
          .put("failed", batch.counts().failed())
          .put("input_tokens", batch.tokens().input())
          .put("cached_tokens", batch.tokens().cached())
          .put("output_tokens", batch.tokens().output())
          .insert(handle, "batches");
      METADATA.insert(handle, batch.id(), batch.order().metadata());
      handle.afterCommit(ordered::ring);
      return true;
    });
  }

  private static Row changing(Batch batch) {
    var row =
        new Row()
            .put("state", batch.state().text())
            .put("model", batch.model())
            .put("errors", JSON.writeValueAsString(batch.errors()))
            .put("total", batch.counts().total())
            .put("output_file_id", batch.outputFileId())
            .put("error_file_id", batch.errorFileId());
    for (var state : BatchState.values()) {
      if (state != BatchState.VALIDATING) {
        row.time(state.text() + "_at", batch.time(state));
      }
    }
    return row;
  }

  @Override
  public Optional<Batch> find(String id) {
    return database.read(handle ->
        handle
            .createQuery("select * from batches where id = :id")
            .bind("id", id)
            .map((row, _) -> read(row, handle))
            .findOne());
  }

  @Override
  public Optional<List<Batch>> list(PageRequest page) {
    return database.read(handle -> {
      Optional<Long> cursor =
          page.after().isEmpty()
              ? Optional.of(Long.MAX_VALUE)
              : handle
                  .createQuery("select position from batches where id = :id")
                  .bind("id", page.after().get())
                  .mapTo(Long.class)
                  .findOne();
      return cursor.map(position ->
          handle
              .createQuery(
                  "select * from batches where position < :cursor order by position desc"
                      + " limit :limit")
              .bind("cursor", position)
              .bind("limit", page.limit() + 1)
              .map((row, _) -> read(row, handle))
              .list());
    });
  }

  @Override
  public List<Batch> unfinished() {
    return database.read(handle ->
        handle
            .createQuery(
                "select * from batches where state in"
                    + " ('validating', 'in_progress', 'finalizing', 'cancelling')"
                    + " order by position")
            .map((row, _) -> read(row, handle))
            .list());
  }

  @Override
  public void update(Batch batch) {
    database.write(handle -> {
      var row = changing(batch);
      return handle
          .createUpdate("update batches set " + row.assignments() + " where id = :id")
          .bindMap(row.columns())
          .bind("id", batch.id())
          .execute();
    });
  }

  @Override
  public void insertAnswer(String batchId, BatchAnswer answer) {
    database.write(handle -> {
      int inserted =
          handle.execute(
              "insert or ignore into batch_answers (batch_id, line, failed, answer)"
                  + " values (?, ?, ?, ?)",
              batchId,
              answer.line(),
              answer.failed(),
              answer.text());
      return inserted == 1
          && handle.execute(
                  "update batches set completed = completed + ?, failed = failed + ?,"
                      + " input_tokens = input_tokens + ?, cached_tokens = cached_tokens + ?,"
                      + " output_tokens = output_tokens + ? where id = ?",
                  answer.failed() ? 0 : 1,
                  answer.failed() ? 1 : 0,
                  answer.tokens().input(),
                  answer.tokens().cached(),
                  answer.tokens().output(),
                  batchId)
              == 1;
    });
  }

  @Override
  public BitSet answered(String batchId) {
    return database.read(handle -> {
      var lines = new BitSet();
      handle
          .createQuery("select line from batch_answers where batch_id = :id")
          .bind("id", batchId)
          .mapTo(Integer.class)
          .forEach(lines::set);
      return lines;
    });
  }

  @Override
  public List<BatchAnswer> answers(String batchId, boolean failed, int behindLine, int limit) {
    return database.read(handle ->
        handle
            .createQuery(
                "select * from batch_answers where batch_id = :id and failed = :failed"
                    + " and line > :line order by line limit :limit")
            .bind("id", batchId)
            .bind("failed", failed)
            .bind("line", behindLine)
            .bind("limit", limit)
            .map((row, _) ->
                new BatchAnswer(
                    row.getInt("line"),
                    row.getBoolean("failed"),
                    row.getString("answer"),
                    BatchTokens.NONE))
            .list());
  }

  @Override
  public void removeAnswers(String batchId) {
    database.write(
        handle -> handle.execute("delete from batch_answers where batch_id = ?", batchId));
  }

  private static Batch read(ResultSet row, Handle handle) throws SQLException {
    String id = row.getString("id");
    return new Batch(
        id,
        new CreateBatch(
            row.getString("input_file_id"),
            row.getString("endpoint"),
            METADATA.of(handle, id),
            Row.optionalLong(row, "output_seconds")
                .map(OptionalLong::of)
                .orElse(OptionalLong.empty())),
        Row.time(row, "created_at"),
        BatchState.of(row.getString("state")),
        times(row),
        Row.optionalText(row, "model"),
        List.of(JSON.readValue(row.getString("errors"), BatchError[].class)),
        new BatchCounts(row.getInt("total"), row.getInt("completed"), row.getInt("failed")),
        new BatchTokens(
            row.getLong("input_tokens"),
            row.getLong("cached_tokens"),
            row.getLong("output_tokens")),
        Row.optionalText(row, "output_file_id"),
        Row.optionalText(row, "error_file_id"));
  }

  private static Map<BatchState, Instant> times(ResultSet row) throws SQLException {
    var times = new EnumMap<BatchState, Instant>(BatchState.class);
    for (var state : BatchState.values()) {
      if (state != BatchState.VALIDATING) {
        Row.optionalTime(row, state.text() + "_at").ifPresent(time -> times.put(state, time));
      }
    }
    return times;
  }
}
