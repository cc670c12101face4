package dev.luthier.store.contract;

import dev.luthier.platform.stored.CompletionStore;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlCompletionStore;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteCompletionRowsTest extends CompletionRowsContract {
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
  CompletionStore completions() {
    return new SqlCompletionStore(database);
  }
}
