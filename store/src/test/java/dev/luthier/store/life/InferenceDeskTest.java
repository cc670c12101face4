package dev.luthier.store.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.inference.Endpoint;
import dev.luthier.platform.inference.InferenceDesk;
import dev.luthier.platform.inference.InferenceDirective;
import dev.luthier.platform.inference.Registration;
import dev.luthier.platform.launch.EnrolmentDesk;
import dev.luthier.platform.launch.FencedException;
import dev.luthier.platform.launch.LaunchSpec;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.store.folder.FolderBaseStore;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlLaunchStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InferenceDeskTest {
  private static final String BASE = "tiny-base";
  @TempDir Path data;
  private final SetClock clock = new SetClock();
  private final PlayedLauncher launcher = new PlayedLauncher();
  private final Identifiers identifiers = new Identifiers(new Random(3));
  private Database database;
  private InferenceDesk desk;
  private EnrolmentDesk enrolments;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(data.resolve("bases/" + BASE));
    Files.writeString(data.resolve("bases/" + BASE + "/base.json"), "{}");
    database = Database.open(data.resolve("luthier.db"), clock);
    openDesk();
  }

  private void openDesk() {
    var launches = new SqlLaunchStore(database);
    desk =
        new InferenceDesk(
            launches,
            launcher,
            new FolderBaseStore(data.resolve("bases")),
            InferenceDesk.Settings.of(URI.create("http://127.0.0.1:1")),
            identifiers,
            clock);
    enrolments =
        new EnrolmentDesk(launches, database, identifiers, Map.of(WorkerKind.INFERENCE, desk));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private String comesUp() {
    LaunchSpec spec = launcher.last();
    String token = enrolments.enrol(spec.id().text(), spec.enrolmentCode()).token();
    assertEquals(BASE, desk.job(token).baseId());
    desk.register(token, registration());
    return token;
  }

  private static Registration registration() {
    return new Registration(URI.create("http://127.0.0.1:2"), "secret", BASE, 2048);
  }

  private Endpoint now() {
    return desk.endpoint(BASE, Duration.ZERO);
  }

  @Test
  void oneProcessServesABase() {
    desk.warm(BASE);
    desk.warm(BASE);
    assertEquals(1, launcher.started.size());
    assertEquals(
        ErrorCode.UNAVAILABLE, assertThrows(ApiException.class, this::now).code(), "not up yet");
    comesUp();
    assertEquals(URI.create("http://127.0.0.1:2"), now().url());
    assertEquals(1, launcher.started.size());
  }

  @Test
  void aProcessThatStartsWhileTheLaunchesAreLookedAtIsKept() {
    launcher.whileListed = () -> desk.warm(BASE);
    desk.tick();
    assertEquals(List.of(), launcher.stopped);
    comesUp();
    assertEquals(1, launcher.started.size());
  }

  @Test
  void aCallerWaitsUntilTheProcessHasRegistered() throws InterruptedException {
    desk.warm(BASE);
    var found = new AtomicReference<Endpoint>();
    Thread caller =
        Thread.ofVirtual().start(() -> found.set(desk.endpoint(BASE, Duration.ofMinutes(1))));
    comesUp();
    caller.join(Duration.ofSeconds(30));
    assertEquals(now(), found.get());
  }

  @Test
  void aDeadOneThatWasInUseIsReplacedAndFenced() {
    desk.warm(BASE);
    String old = comesUp();
    launcher.dies(launcher.last().id(), 134);
    desk.tick();
    assertEquals(2, launcher.started.size());
    assertThrows(FencedException.class, () -> desk.heartbeat(old));
    comesUp();
    assertEquals(launcher.last().id().text(), now().launchId());
  }

  @Test
  void oneThatNeverComesUpIsGivenUpWithItsLastWords() {
    for (int i = 0; i < 3; i++) {
      assertThrows(ApiException.class, this::now);
      launcher.dies(launcher.last().id(), 1);
      desk.tick();
    }
    ApiException refusal = assertThrows(ApiException.class, this::now);
    assertTrue(refusal.text().contains("exit code 1"), refusal.text());
    assertTrue(refusal.text().contains("the last line of"), refusal.text());
    assertTrue(refusal.text().contains("its log: logs/luthier-"), refusal.text());
    assertEquals(3, launcher.started.size());
  }

  @Test
  void aSilentOneIsReplaced() {
    desk.warm(BASE);
    String token = comesUp();
    clock.pass(Duration.ofSeconds(50));
    desk.heartbeat(token);
    clock.pass(Duration.ofSeconds(50));
    desk.tick();
    assertEquals(1, launcher.started.size());
    clock.pass(Duration.ofSeconds(11));
    desk.tick();
    assertEquals(2, launcher.started.size());
  }

  @Test
  void afterARestartALivingProcessIsToldToRegisterAgain() {
    desk.warm(BASE);
    String token = comesUp();
    openDesk();
    desk.adopt();
    assertEquals(InferenceDirective.REGISTER, desk.heartbeat(token));
    desk.register(token, registration());
    assertEquals(InferenceDirective.CONTINUE, desk.heartbeat(token));
    assertEquals(URI.create("http://127.0.0.1:2"), now().url());
    assertEquals(1, launcher.started.size());
  }

  @Test
  void oneThatWasToldToEndIsNotTakenOverThoughItIsStillThere() {
    desk.warm(BASE);
    final String old = comesUp();
    final LaunchSpec ending = launcher.last();
    launcher.endsSlowly = true;
    desk.close();
    openDesk();
    desk.adopt();
    desk.warm(BASE);
    assertEquals(2, launcher.started.size(), "the next one is started at once");
    assertThrows(FencedException.class, () -> desk.heartbeat(old));
    desk.tick();
    assertEquals(List.of(ending.id(), ending.id()), launcher.stopped, "it is told again");
    comesUp();
    assertEquals(launcher.last().id().text(), now().launchId());
  }

  @Test
  void closingStopsAllAndStartsNoMore() {
    desk.warm(BASE);
    comesUp();
    desk.close();
    assertEquals(1, launcher.stopped.size());
    assertThrows(ApiException.class, this::now);
  }
}
