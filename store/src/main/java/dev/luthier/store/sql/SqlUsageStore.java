package dev.luthier.store.sql;

import dev.luthier.platform.usage.TokensUsed;
import dev.luthier.platform.usage.UsageRecord;
import dev.luthier.platform.usage.UsageStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What models read and wrote. Times are seconds.
public final class SqlUsageStore implements UsageStore {
  private static final String ADDING =
      " on conflict (start, model, batch) do update set input = input + excluded.input,"
          + " cached = cached + excluded.cached, output = output + excluded.output,"
          + " requests = requests + excluded.requests";

  private static final long HOUR = Duration.ofHours(1).toSeconds();

  private final Database database;

  public SqlUsageStore(Database database) {
    this.database = database;
  }

  @Override
  public void add(List<UsageRecord> minutes) {
    database.write(handle -> {
      for (UsageRecord minute : minutes) {
        handle.execute(
            "insert into token_usage (start, model, batch, input, cached, output, requests)"
                + " values (?, ?, ?, ?, ?, ?, ?)"
                + ADDING,
            minute.start().getEpochSecond(),
            minute.model(),
            minute.batch(),
            minute.tokens().input(),
            minute.tokens().cached(),
            minute.tokens().output(),
            minute.tokens().requests());
      }
      return true;
    });
  }

  @Override
  public List<UsageRecord> between(Instant from, Instant to, Duration width) {
    return database.read(handle ->
        handle
            .createQuery(
                "select start / :width * :width as stretch, model, batch, sum(input) as input,"
                    + " sum(cached) as cached, sum(output) as output, sum(requests) as requests"
                    + " from token_usage where start >= :from and start < :to"
                    + " group by 1, 2, 3 order by 1, 2, 3")
            .bind("width", width.toSeconds())
            .bind("from", from.getEpochSecond())
            .bind("to", to.getEpochSecond())
            .map((row, _) ->
                new UsageRecord(
                    Instant.ofEpochSecond(row.getLong("stretch")),
                    row.getString("model"),
                    row.getBoolean("batch"),
                    new TokensUsed(
                        row.getLong("input"),
                        row.getLong("cached"),
                        row.getLong("output"),
                        row.getLong("requests"))))
            .list());
  }

  @Override
  public void shorten(Instant before) {
    long end = before.getEpochSecond() / HOUR * HOUR;
    boolean any =
        database.read(handle ->
            handle
                .createQuery(
                    "select 1 from token_usage where start < :end and start % :hour <> 0 limit 1")
                .bind("end", end)
                .bind("hour", HOUR)
                .mapTo(int.class)
                .findOne()
                .isPresent());
    if (any) {
      database.write(handle -> {
        handle.execute(
            "insert into token_usage (start, model, batch, input, cached, output, requests)"
                + " select start / ? * ?, model, batch, sum(input), sum(cached), sum(output),"
                + " sum(requests) from token_usage where start < ? and start % ? <> 0"
                + " group by 1, 2, 3"
                + ADDING,
            HOUR,
            HOUR,
            end,
            HOUR);
        return handle.execute(
            "delete from token_usage where start < ? and start % ? <> 0", end, HOUR);
      });
    }
  }
}
