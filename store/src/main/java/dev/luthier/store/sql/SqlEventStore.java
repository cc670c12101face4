package dev.luthier.store.sql;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.jobs.EventData;
import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.EventStore;
import dev.luthier.platform.jobs.JobEvent;
import dev.luthier.platform.jobs.StepMetricsRecord;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Events and step metrics. An event with metrics keeps the step only; the figures stand once.
public final class SqlEventStore implements EventStore {
  private static final String EVENTS =
      "select e.id, e.job_id, e.sequence, e.created_at, e.level, e.message, e.data, m.*"
          + " from job_events e left join step_metrics m"
          + " on m.job_id = e.job_id and m.step = e.step";

  private final Database database;

  public SqlEventStore(Database database) {
    this.database = database;
  }

  @Override
  public void append(
      String id,
      String jobId,
      Instant createdAt,
      EventLevel level,
      String message,
      EventData data) {
    database.write(handle -> {
      long sequence =
          handle
              .createQuery(
                  "select coalesce(max(sequence), 0) + 1 from job_events where job_id = :job")
              .bind("job", jobId)
              .mapTo(long.class)
              .one();
      Row row =
          new Row()
              .put("id", id)
              .put("job_id", jobId)
              .put("sequence", sequence)
              .time("created_at", createdAt)
              .put("level", level.text())
              .put("message", message);
      data(row, data).insert(handle, "job_events");
      return true;
    });
  }

  private static Row data(Row row, EventData data) {
    return switch (data) {
      case EventData.None _ -> row.put("data", "none").put("step", OptionalInt.empty());
      case EventData.Empty _ -> row.put("data", "empty").put("step", OptionalInt.empty());
      case EventData.Metrics metrics ->
          row.put("data", "metrics").put("step", metrics.metrics().step());
    };
  }

  @Override
  public boolean contains(String jobId, EventLevel level, String message) {
    return database.read(handle ->
        handle
                .createQuery(
                    "select count(*) from job_events"
                        + " where job_id = :job and level = :level and message = :message")
                .bind("job", jobId)
                .bind("level", level.text())
                .bind("message", message)
                .mapTo(int.class)
                .one()
            > 0);
  }

  @Override
  public Optional<List<JobEvent>> list(String jobId, PageRequest page) {
    return database.read(handle -> {
      Optional<Long> cursor =
          page.after().isEmpty()
              ? Optional.of(Long.MAX_VALUE)
              : handle
                  .createQuery("select sequence from job_events where id = :id and job_id = :job")
                  .bind("id", page.after().get())
                  .bind("job", jobId)
                  .mapTo(Long.class)
                  .findOne();
      return cursor.map(sequence ->
          handle
              .createQuery(
                  EVENTS
                      + " where e.job_id = :job and e.sequence < :cursor"
                      + " order by e.sequence desc limit :limit")
              .bind("job", jobId)
              .bind("cursor", sequence)
              .bind("limit", page.limit() + 1)
              .map((row, _) -> read(row))
              .list());
    });
  }

  @Override
  public boolean addMetrics(String jobId, int attempt, StepMetricsRecord metrics) {
    Row row = MetricsColumns.put(new Row().put("job_id", jobId).put("attempt", attempt), metrics);
    return database.write(handle -> row.insertUnlessThere(handle, "step_metrics"));
  }

  @Override
  public List<StepMetricsRecord> metrics(String jobId) {
    return database.read(handle ->
        handle
            .createQuery("select * from step_metrics where job_id = :job order by step")
            .bind("job", jobId)
            .map((row, _) -> MetricsColumns.read(row))
            .list());
  }

  @Override
  public OptionalDouble stepSeconds(String jobId, int from, int most) {
    return database.read(handle ->
        handle
            .createQuery(
                "select avg(seconds) as mean from (select step, seconds from step_metrics"
                    + " where job_id = :job order by step desc limit :most) where step > :from")
            .bind("job", jobId)
            .bind("from", from)
            .bind("most", most)
            .map((row, _) -> Row.optionalDouble(row, "mean"))
            .one());
  }

  private static JobEvent read(ResultSet row) throws SQLException {
    String data = row.getString("data");
    return new JobEvent(
        row.getString("id"),
        row.getString("job_id"),
        row.getLong("sequence"),
        Row.time(row, "created_at"),
        EventLevel.valueOf(row.getString("level").toUpperCase(Locale.ROOT)),
        row.getString("message"),
        switch (data) {
          case "none" -> new EventData.None();
          case "empty" -> new EventData.Empty();
          case "metrics" -> new EventData.Metrics(MetricsColumns.read(row));
          default -> throw new IllegalStateException("an event with data of kind " + data);
        });
  }
}
