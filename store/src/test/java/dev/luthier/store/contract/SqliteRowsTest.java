package dev.luthier.store.contract;

import dev.luthier.platform.Transactions;
import dev.luthier.platform.files.FileStore;
import dev.luthier.platform.jobs.CheckpointStore;
import dev.luthier.platform.jobs.EventStore;
import dev.luthier.platform.jobs.JobStore;
import dev.luthier.platform.keys.KeyStore;
import dev.luthier.platform.launch.LaunchStore;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlCheckpointStore;
import dev.luthier.store.sql.SqlEventStore;
import dev.luthier.store.sql.SqlFileStore;
import dev.luthier.store.sql.SqlJobStore;
import dev.luthier.store.sql.SqlKeyStore;
import dev.luthier.store.sql.SqlLaunchStore;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteRowsTest extends RowsContract {
  @TempDir Path folder;
  private Database database;

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("luthier.db"), Clock.systemUTC());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  Transactions transactions() {
    return database;
  }

  @Override
  FileStore files() {
    return new SqlFileStore(database);
  }

  @Override
  JobStore jobs() {
    return new SqlJobStore(database);
  }

  @Override
  EventStore events() {
    return new SqlEventStore(database);
  }

  @Override
  CheckpointStore checkpoints() {
    return new SqlCheckpointStore(database);
  }

  @Override
  LaunchStore launches() {
    return new SqlLaunchStore(database);
  }

  @Override
  KeyStore keys() {
    return new SqlKeyStore(database);
  }
}
