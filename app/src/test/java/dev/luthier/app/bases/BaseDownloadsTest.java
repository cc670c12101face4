package dev.luthier.app.bases;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.weights.BaseDescription;
import dev.luthier.engine.weights.Progress;
import dev.luthier.engine.weights.Sha256;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.models.BaseOffer;
import dev.luthier.platform.models.BaseOffer.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BaseDownloadsTest {
  private static final byte[] WEIGHTS =
      "weights of a tiny model".repeat(90_000).getBytes(StandardCharsets.UTF_8);
  private static final int HELD_AT = 500_000;

  @TempDir Path data;
  private HubStandIn hub;
  private BaseDownloads downloads;

  @BeforeEach
  void open() throws IOException {
    hub = new HubStandIn();
    hub.files.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
    hub.files.put("model.safetensors", WEIGHTS);
    hub.claimedSha256.put("model.safetensors", sha256(WEIGHTS));
    downloads = downloads();
  }

  @AfterEach
  void close() {
    downloads.close();
    hub.close();
  }

  private BaseDownloads downloads() {
    BaseEntry entry =
        new BaseEntry(
            "tiny",
            "llama",
            "MIT",
            WEIGHTS.length,
            List.of(
                new BaseSource.Hub(
                    "owner/tiny", "main", List.of("config.json", "model.safetensors"))));
    Bases bases =
        new Bases(
            data,
            new Catalog(List.of(entry)),
            Optional.empty(),
            Optional.of(hub.url()),
            "no-such-python",
            new MovingImporter());
    return new BaseDownloads(bases, InstantSource.system());
  }

  @Test
  void aBaseIsOfferedFetchedAndHere() throws Exception {
    BaseOffer offer = downloads.list().getFirst();
    assertEquals("MIT", offer.licence());
    assertEquals("hub:owner/tiny@main", offer.source());
    assertEquals(new State.Absent(0, Optional.empty()), offer.state());
    downloads.fetch("tiny");
    await(State.Present.class::isInstance);
    assertArrayEquals(WEIGHTS, Files.readAllBytes(data.resolve("bases/tiny/model.safetensors")));
    assertEquals("MIT", downloads.list().getFirst().licence(), "as the folder itself says");
    assertThrows(ApiException.class, () -> downloads.fetch("tiny"));
  }

  @Test
  void whatIsStoppedGoesOnWhereItEnded() throws Exception {
    hub.heldOnceAt.put("model.safetensors", HELD_AT);
    downloads.fetch("tiny");
    var held = assertInstanceOf(State.Fetching.class, await(this::held));
    assertEquals("fetching", held.stage());
    assertEquals("model.safetensors", held.file());
    assertEquals(WEIGHTS.length, held.total());
    downloads.fetch("tiny"); // Once more is once.
    downloads.stop("tiny");
    var left = assertInstanceOf(State.Absent.class, await(State.Absent.class::isInstance));
    assertTrue(left.fetched() >= HELD_AT, left.toString());
    assertEquals(Optional.empty(), left.failure());
    restart(); // What was stopped on purpose stays so.
    assertInstanceOf(State.Absent.class, downloads.list().getFirst().state());
    downloads.fetch("tiny");
    await(State.Present.class::isInstance);
    assertTrue(
        hub.requests.contains("/store/model.safetensors bytes=" + HELD_AT + "-"),
        hub.requests.toString());
    assertArrayEquals(WEIGHTS, Files.readAllBytes(data.resolve("bases/tiny/model.safetensors")));
  }

  @Test
  void whatAStopOfTheServerCutsOffGoesOnAtTheNextStart() throws Exception {
    hub.heldOnceAt.put("model.safetensors", HELD_AT);
    downloads.fetch("tiny");
    await(this::held);
    restart();
    await(State.Present.class::isInstance);
    assertTrue(hub.requests.contains("/store/model.safetensors bytes=" + HELD_AT + "-"));
    restart();
    assertEquals(1, hub.requests.stream().filter(said -> said.endsWith("config.json")).count() / 2);
  }

  @Test
  void aFailureIsToldUntilTheNextTry() throws Exception {
    hub.claimedSha256.put("model.safetensors", "0".repeat(64));
    downloads.fetch("tiny");
    var failed =
        assertInstanceOf(
            State.Absent.class,
            await(state -> state instanceof State.Absent(_, var why) && why.isPresent()));
    assertTrue(failed.failure().orElseThrow().contains("it is not used"), failed.toString());
    hub.claimedSha256.clear();
    downloads.fetch("tiny");
    await(State.Present.class::isInstance);
  }

  @Test
  void whatTheCatalogHasNotIsNeverFetched() {
    var refused = assertThrows(ApiException.class, () -> downloads.fetch("../other"));
    assertTrue(refused.text().contains("it holds tiny"), refused.text());
    assertEquals(List.of(), hub.requests);
    downloads.stop("../other");
  }

  private void restart() throws Exception {
    downloads.close();
    hub.goOn.countDown();
    downloads = downloads();
    downloads.resume();
  }

  private boolean held(State state) {
    return state instanceof State.Fetching now && now.done() == HELD_AT;
  }

  private State await(Predicate<State> reached) throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      State state = downloads.list().getFirst().state();
      if (reached.test(state)) {
        return state;
      }
      Thread.sleep(20);
    }
    throw new AssertionError("not reached: " + downloads.list().getFirst().state());
  }

  private static String sha256(byte[] bytes) {
    var digest = Sha256.digest();
    digest.update(bytes);
    return Sha256.hex(digest);
  }

  /// Stands for the engine.
  private static final class MovingImporter implements Importer {
    @Override
    public void gguf(Path file, Path target, BaseDescription description, Progress progress)
        throws IOException {
      Files.createDirectories(target);
      Files.copy(file, target.resolve(Objects.requireNonNull(file.getFileName())));
      progress.at(1, 1);
      Files.writeString(
          target.resolve("base.json"),
          "{\"id\": \"tiny\", \"family\": \"llama\", \"licence\": \"%s\", \"source\": \"%s\"}"
              .formatted(description.licence(), description.source()));
    }

    @Override
    public void safetensors(
        Path folder, Path target, BaseDescription description, Progress progress)
        throws IOException {
      gguf(folder.resolve("model.safetensors"), target, description, progress);
    }
  }
}
