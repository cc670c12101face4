package dev.luthier.store.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.inference.InferenceDesk;
import dev.luthier.platform.launch.LaunchSpec;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.BaseStore;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlLaunchStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Processes of fine-tunes with weights of their own come when they are asked, and go.
class WholeModelProcessTest {
  @TempDir Path data;
  private final SetClock clock = new SetClock();
  private final PlayedLauncher launcher = new PlayedLauncher();
  private final Set<String> there =
      new HashSet<>(Set.of("base", "full-1", "full-2", "full-3", "full-4"));
  private Database database;
  private InferenceDesk desk;

  private final class There implements BaseStore {
    @Override
    public List<BaseModel> all() {
      return List.of();
    }

    @Override
    public Optional<BaseModel> find(String id) {
      return there.contains(id)
          ? Optional.of(new BaseModel(id, Instant.EPOCH, data.resolve(id)))
          : Optional.empty();
    }
  }

  @BeforeEach
  void open() {
    database = Database.open(data.resolve("luthier.db"), clock);
    desk =
        new InferenceDesk(
            new SqlLaunchStore(database),
            launcher,
            new There(),
            InferenceDesk.Settings.of(URI.create("http://127.0.0.1:1")),
            new Identifiers(new Random(1)),
            clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private List<String> started() {
    return launcher.started.stream()
        .map(LaunchSpec::id)
        .map(id -> id.text().replaceAll("luthier-|-i[^-]*$", ""))
        .toList();
  }

  @Test
  void aFourthEndsTheQuietestWhenThatWasNotAskedForAMinute() {
    desk.warm("base");
    desk.warm("full-1");
    clock.pass(Duration.ofSeconds(20));
    desk.warm("full-2");
    desk.warm("full-3");
    ApiException refused = assertThrows(ApiException.class, () -> desk.warm("full-4"));
    assertTrue(refused.text().contains("3 fine-tunes"), refused.text());
    clock.pass(Duration.ofSeconds(45));
    desk.warm("full-4");
    assertEquals(List.of("base", "full-1", "full-2", "full-3", "full-4"), started());
    assertEquals(List.of(launcher.started.get(1).id()), launcher.stopped);
  }

  @Test
  void oneOfADeletedFineTuneEndsAndABaseStays() {
    desk.warm("base");
    desk.warm("full-1");
    clock.pass(Duration.ofMinutes(1));
    desk.tick();
    assertEquals(List.of(), launcher.stopped);
    there.remove("full-1");
    desk.tick();
    assertEquals(
        Set.of(launcher.started.get(1).id()), Set.copyOf(launcher.stopped), "it was deleted");
    assertEquals(List.of("base", "full-1"), started());
  }
}
