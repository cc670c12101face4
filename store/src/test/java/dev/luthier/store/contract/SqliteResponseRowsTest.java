package dev.luthier.store.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.stored.StoredResponse;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlResponseStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteResponseRowsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  @TempDir Path folder;
  private Database database;
  private SqlResponseStore responses;

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("luthier.db"), Clock.systemUTC());
    responses = new SqlResponseStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void aResponseComesBackAsItWasUntilItIsDeletedOrTooOld() {
    var response = new StoredResponse("resp_1", NOW, false, "{\"a\":1}", "[]");
    responses.insert(response);
    responses.purge(NOW);
    assertEquals(Optional.of(response), responses.find("resp_1"));
    assertTrue(responses.delete("resp_1"));
    assertFalse(responses.delete("resp_1"));
    responses.insert(response);
    responses.purge(NOW.plusMillis(1));
    assertEquals(Optional.empty(), responses.find("resp_1"));
  }

  @Test
  void thoseThatHaveEndedAreListedNewestFirst() {
    responses.insert(new StoredResponse("resp_a", NOW, false, "{}", "[]"));
    responses.insert(new StoredResponse("resp_b", NOW, false, "{}", "[]"));
    responses.insert(new StoredResponse("resp_c", NOW.plusSeconds(1), true, "{}", "[]"));
    responses.insert(new StoredResponse("resp_d", NOW.plusSeconds(2), false, "{}", "[]"));
    var first = responses.ended(Optional.empty(), 2);
    assertEquals(List.of("resp_d", "resp_b"), first.stream().map(StoredResponse::id).toList());
    var rest = responses.ended(Optional.of(first.getLast()), 2);
    assertEquals(List.of("resp_a"), rest.stream().map(StoredResponse::id).toList());
  }

  @Test
  void onlyTheAnswerOfAnOpenOneChanges() {
    responses.insert(new StoredResponse("resp_1", NOW, true, "{}", "[]"));
    assertTrue(responses.setAnswer("resp_1", "{\"a\":1}", true));
    assertEquals(List.of("resp_1"), responses.open());
    assertTrue(responses.setAnswer("resp_1", "{\"a\":2}", false));
    assertFalse(responses.setAnswer("resp_1", "{\"a\":3}", false));
    assertEquals(List.of(), responses.open());
    assertFalse(responses.setAnswer("resp_2", "{\"a\":3}", false));
    assertEquals("{\"a\":2}", responses.find("resp_1").orElseThrow().answer());
  }
}
