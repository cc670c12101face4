package dev.luthier.store.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.platform.Bell;
import dev.luthier.platform.evals.EvalRunState;
import dev.luthier.platform.evals.EvalStore;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlEvalStore;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteEvalRowsTest extends EvalRowsContract {
  @TempDir Path folder;
  private final List<String> told = new ArrayList<>();
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
    return new SqlEvalStore(database, (type, id) -> told.add(type + " " + id), new Bell());
  }

  @Test
  void theEndOfARunIsToldOnce() {
    evals().insert(eval("e1", 5));
    for (String id : List.of("r1", "r2", "r3")) {
      evals().insertRun(run(id, "e1", EvalRunState.QUEUED));
      evals().updateRun(run(id, "e1", EvalRunState.IN_PROGRESS));
    }
    evals().updateRun(run("r1", "e1", EvalRunState.COMPLETED));
    evals().updateRun(run("r1", "e1", EvalRunState.CANCELED));
    evals().updateRun(run("r2", "e1", EvalRunState.FAILED));
    evals().updateRun(run("r3", "e1", EvalRunState.CANCELED));
    assertEquals(
        List.of("eval.run.succeeded r1", "eval.run.failed r2", "eval.run.canceled r3"), told);
    assertEquals(EvalRunState.COMPLETED, evals().findRun("r1").orElseThrow().state());
  }
}
