package dev.luthier.store.sql;

import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.CheckpointStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rows of checkpoints.
public final class SqlCheckpointStore implements CheckpointStore {
  private final Database database;

  public SqlCheckpointStore(Database database) {
    this.database = database;
  }

  @Override
  public void insert(Checkpoint checkpoint) {
    Row row =
        new Row()
            .put("id", checkpoint.id())
            .put("job_id", checkpoint.jobId())
            .time("created_at", checkpoint.createdAt())
            .put("model_name", checkpoint.modelName())
            .put("base_id", checkpoint.baseId())
            .put("adapter_id", checkpoint.adapterId())
            .put("epoch", checkpoint.epoch())
            .put("is_last", checkpoint.last() ? 1 : 0)
            .put("is_listed", checkpoint.listed() ? 1 : 0)
            .put("is_deleted", 0);
    MetricsColumns.put(row, checkpoint.metrics()).put("step", checkpoint.stepNumber());
    database.write(handle -> {
      row.insert(handle, "checkpoints");
      return true;
    });
  }

  @Override
  public List<Checkpoint> ofJob(String jobId) {
    return query(
        "job_id = :job and is_deleted = 0 order by step desc limit :limit",
        Map.of("job", jobId, "limit", Integer.MAX_VALUE));
  }

  @Override
  public Optional<Checkpoint> atStep(String jobId, int step) {
    return query("job_id = :job and step = :step", Map.of("job", jobId, "step", step)).stream()
        .findFirst();
  }

  @Override
  public void setListed(String id) {
    database.write(
        handle -> handle.execute("update checkpoints set is_listed = 1 where id = ?", id));
  }

  @Override
  public void makeModel(String id, String modelName) {
    database.write(handle -> {
      handle.execute(
          "update checkpoint_permissions set model_name = ? where model_name ="
              + " (select model_name from checkpoints where id = ?)",
          modelName,
          id);
      return handle.execute(
          "update checkpoints set model_name = ?, is_last = 1 where id = ?", modelName, id);
    });
  }

  @Override
  public Optional<Checkpoint> findByName(String modelName) {
    return query("model_name = :name and is_deleted = 0", Map.of("name", modelName)).stream()
        .findFirst();
  }

  @Override
  public List<Checkpoint> listed(int limit) {
    // The newest when there are more than the limit; shown the oldest first.
    List<Checkpoint> newestFirst =
        query(
            "is_listed = 1 and is_deleted = 0 order by created_at desc, step desc limit :limit",
            Map.of("limit", limit));
    return newestFirst.reversed();
  }

  @Override
  public boolean markDeleted(String modelName) {
    return database.write(handle ->
        handle.execute(
                "update checkpoints set is_deleted = 1 where model_name = ? and is_deleted = 0",
                modelName)
            == 1);
  }

  @Override
  public Optional<Checkpoint> ofAdapter(String adapterId) {
    return query("adapter_id = :adapter and is_deleted = 0", Map.of("adapter", adapterId)).stream()
        .findFirst();
  }

  private List<Checkpoint> query(String where, Map<String, Object> values) {
    return database.read(handle ->
        Collections.unmodifiableList(
            handle
                .createQuery("select * from checkpoints where " + where)
                .bindMap(values)
                .map((row, _) -> read(row))
                .list()));
  }

  private static Checkpoint read(ResultSet row) throws SQLException {
    return new Checkpoint(
        row.getString("id"),
        row.getString("job_id"),
        Row.time(row, "created_at"),
        row.getString("model_name"),
        row.getString("base_id"),
        row.getString("adapter_id"),
        row.getInt("step"),
        row.getInt("epoch"),
        MetricsColumns.read(row),
        row.getInt("is_last") == 1,
        row.getInt("is_listed") == 1);
  }
}
