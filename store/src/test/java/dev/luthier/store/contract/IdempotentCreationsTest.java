package dev.luthier.store.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.idempotency.IdempotentCreations;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlCreationStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A key makes one thing, over restarts too.
class IdempotentCreationsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);

  @TempDir Path folder;
  private final AtomicInteger made = new AtomicInteger();

  private String create(Duration later, String kind, String key, String request) {
    var clock = Clock.fixed(NOW.plus(later), ZoneOffset.UTC);
    try (var database = Database.open(folder.resolve("luthier.db"), clock)) {
      return new IdempotentCreations(new SqlCreationStore(database), database, clock)
          .once(
              Optional.of(key).filter(text -> !text.isEmpty()),
              request,
              new IdempotentCreations.Thing<>(
                  kind, () -> "made-" + made.incrementAndGet(), id -> id, id -> id));
    }
  }

  @Test
  void aKeyMakesOneThingOfItsKindEvenAfterARestart() {
    assertEquals("made-1", create(Duration.ZERO, "job", "k", "request"));
    assertEquals("made-1", create(Duration.ofHours(23), "job", "k", "request"));
    assertEquals("made-2", create(Duration.ZERO, "upload", "k", "request"));
    assertEquals("made-3", create(Duration.ZERO, "job", "", "request"));
  }

  @Test
  void aKeyIsForgottenAfterADay() {
    assertEquals("made-1", create(Duration.ZERO, "job", "k", "request"));
    assertEquals("made-2", create(Duration.ofHours(25), "job", "k", "request"));
  }

  @Test
  void aKeyWithAnotherRequestAndAKeyWithoutEndAreRefused() {
    create(Duration.ZERO, "job", "k", "request");
    String text =
        assertThrows(ApiException.class, () -> create(Duration.ZERO, "job", "k", "other")).text();
    assertEquals(
        "The Idempotency-Key 'k' made made-1 with other parameters. Send a new key with a new request.",
        text);
    assertThrows(
        ApiException.class, () -> create(Duration.ZERO, "job", "k".repeat(256), "request"));
  }

  @Test
  void whatFailsLeavesItsKeyFree() {
    var clock = Clock.fixed(NOW, ZoneOffset.UTC);
    try (var database = Database.open(folder.resolve("luthier.db"), clock)) {
      var creations = new IdempotentCreations(new SqlCreationStore(database), database, clock);
      var broken =
          new IdempotentCreations.Thing<String>(
              "job",
              () -> {
                throw new IllegalStateException("not made");
              },
              id -> id,
              id -> id);
      assertThrows(
          IllegalStateException.class, () -> creations.once(Optional.of("k"), "request", broken));
    }
    assertEquals("made-1", create(Duration.ZERO, "job", "k", "request"));
  }
}
