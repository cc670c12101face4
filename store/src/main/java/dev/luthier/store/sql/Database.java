package dev.luthier.store.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.luthier.platform.Transactions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// An SQLite database: one connection that writes, a few that read. Safe for many threads.
///
/// Write-ahead log and `synchronous=FULL`: what is committed survives a loss of power. Whoever
/// opened it closes it.
public final class Database implements Transactions, AutoCloseable {
  private static final int READERS = 4;
  private static final int BUSY_TIMEOUT_MILLIS = 5000;

  /// Below it, a write-ahead log could be damaged by a checkpoint that meets a writer.
  private static final String SQLITE_VERSION_MIN = "3.51.3";

  private final HikariDataSource writers;
  private final HikariDataSource readers;
  private final Jdbi writing;
  private final Jdbi reading;
  private final ScopedValue<Handle> current = ScopedValue.newInstance();

  private Database(HikariDataSource writers, HikariDataSource readers) {
    this.writers = writers;
    this.readers = readers;
    this.writing = Jdbi.create(writers);
    this.reading = Jdbi.create(readers);
  }

  /// Opens or makes the file, checks it and brings its tables up to date.
  public static Database open(Path file, Clock clock) {
    HikariDataSource writers = pool(file, "luthier-writer", 1);
    try {
      check(Jdbi.create(writers), file);
      Migrations.run(Jdbi.create(writers), clock);
      return new Database(writers, pool(file, "luthier-reader", READERS));
    } catch (RuntimeException e) {
      writers.close();
      throw e;
    }
  }

  private static HikariDataSource pool(Path file, String name, int size) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(name);
    config.setJdbcUrl("jdbc:sqlite:" + file.toAbsolutePath());
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(size == 1 ? 1 : 0);
    config.addDataSourceProperty("journal_mode", "WAL");
    config.addDataSourceProperty("synchronous", "FULL");
    config.addDataSourceProperty("foreign_keys", "true");
    config.addDataSourceProperty("busy_timeout", Integer.toString(BUSY_TIMEOUT_MILLIS));
    config.addDataSourceProperty("transaction_mode", "IMMEDIATE");
    return new HikariDataSource(config);
  }

  private static void check(Jdbi jdbi, Path file) {
    String version =
        jdbi.withHandle(
            handle -> handle.createQuery("select sqlite_version()").mapTo(String.class).one());
    if (older(version, SQLITE_VERSION_MIN)) {
      throw new IllegalStateException(
          "SQLite %s is too old; %s or newer is needed".formatted(version, SQLITE_VERSION_MIN));
    }
    String state =
        jdbi.withHandle(
            handle -> handle.createQuery("pragma quick_check(1)").mapTo(String.class).one());
    if (!state.equals("ok")) {
      throw new IllegalStateException(
          "the database %s is damaged (%s); restore it from a backup".formatted(file, state));
    }
  }

  static boolean older(String version, String least) {
    String[] have = version.split("\\.", -1);
    String[] want = least.split("\\.", -1);
    for (int i = 0; i < want.length; i++) {
      int difference = Integer.parseInt(have[i]) - Integer.parseInt(want[i]);
      if (difference != 0) {
        return difference < 0;
      }
    }
    return false;
  }

  @Override
  public <T> T call(Supplier<T> work) {
    return write(_ -> work.get());
  }

  /// In the transaction that is open on this thread, or in one of its own.
  <T> T write(Function<Handle, T> work) {
    if (current.isBound()) {
      return work.apply(current.get());
    }
    return writing.inTransaction(
        handle -> ScopedValue.where(current, handle).call(() -> work.apply(handle)));
  }

  /// In the transaction that is open on this thread, or beside all writers.
  <T> T read(Function<Handle, T> work) {
    return current.isBound()
        ? work.apply(current.get())
        : reading.withHandle(handle -> work.apply(handle));
  }

  /// Deletes the rows of a table that were made before; asks first, so that nobody who writes waits
  /// for nothing.
  void purge(String table, Instant before) {
    String older = table + " where created_at < ?";
    boolean any =
        read(handle ->
            handle
                .createQuery("select 1 from " + older + " limit 1")
                .bind(0, before.toEpochMilli())
                .mapTo(int.class)
                .findOne()
                .isPresent());
    if (any) {
      write(handle -> handle.execute("delete from " + older, before.toEpochMilli()));
    }
  }

  @Override
  public void close() {
    readers.close();
    writers.close();
  }
}
