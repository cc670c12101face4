package dev.luthier.store.contract;

import dev.luthier.platform.evals.EvalStore;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlEvalStore;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteEvalRowsTest extends EvalRowsContract {
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
  EvalStore evals() {
    return new SqlEvalStore(database);
  }
}
