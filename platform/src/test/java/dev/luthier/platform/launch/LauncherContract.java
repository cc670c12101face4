package dev.luthier.platform.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What every launcher must do; a new one adds a subclass.
///
/// The worker it starts must print its launch id and then do what its enrolment code says: `exit-N`
/// ends with that code, `wait` goes on until it is stopped, `stubborn` also then.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
abstract class LauncherContract {
  private static final LaunchId ONE = new LaunchId("luthier-one");
  private Launcher launcher;

  /// A launcher on the place of this test; a second one is the server after a restart.
  abstract Launcher open();

  @BeforeEach
  void openFirst() {
    launcher = open();
  }

  @AfterEach
  void endAll() {
    launcher.list().forEach(sighting -> launcher.stop(sighting.id(), Duration.ZERO));
    while (launcher.list().stream().anyMatch(s -> s.status() instanceof Sighting.Status.Running)) {
      Thread.onSpinWait();
    }
  }

  private void start(String behaviour) {
    launcher.start(
        new LaunchSpec(ONE, WorkerKind.TRAINER, URI.create("http://127.0.0.1:1"), behaviour));
  }

  private Optional<Sighting.Status> status() {
    return launcher.list().stream()
        .filter(sighting -> sighting.id().equals(ONE))
        .map(Sighting::status)
        .findFirst();
  }

  private Sighting.Status.Gone awaitEnd() throws InterruptedException {
    while (!(status().orElseThrow() instanceof Sighting.Status.Gone)) {
      Thread.sleep(20);
    }
    return (Sighting.Status.Gone) status().orElseThrow();
  }

  private void awaitLog() throws InterruptedException {
    while (launcher.logTail(ONE, 1000).filter(text -> text.contains("luthier-one")).isEmpty()) {
      Thread.sleep(20);
    }
  }

  @Test
  void anEndIsSeenWithItsExitCodeUntilItIsForgotten() throws InterruptedException {
    start("exit-75");
    assertEquals(OptionalInt.of(75), awaitEnd().exit());
    launcher.forget(ONE);
    assertEquals(Optional.empty(), status());
  }

  @Test
  void twiceTheSameIdIsOneProcess() throws InterruptedException {
    start("wait");
    awaitLog();
    start("wait");
    assertEquals(1, launcher.list().size());
    assertEquals(1, launcher.logTail(ONE, 1000).orElseThrow().lines().count());
  }

  @Test
  void stopEndsAProcessThatListens() throws InterruptedException {
    start("wait");
    awaitLog();
    launcher.stop(ONE, Duration.ofSeconds(30));
    awaitEnd();
  }

  @Test
  void stopEndsAProcessThatDoesNotListenByForceAfterTheGrace() throws InterruptedException {
    start("stubborn");
    awaitLog();
    launcher.stop(ONE, Duration.ofMillis(200));
    awaitEnd();
  }

  @Test
  void stoppingWhatNobodyKnowsIsFine() {
    launcher.stop(new LaunchId("luthier-unknown"), Duration.ZERO);
    assertEquals(Optional.empty(), launcher.logTail(new LaunchId("luthier-unknown"), 100));
  }

  @Test
  void aNewServerKnowsTheProcessesOfTheOldOne() throws InterruptedException {
    start("wait");
    awaitLog();
    launcher = open();
    assertInstanceOf(Sighting.Status.Running.class, status().orElseThrow());
    start("wait");
    assertEquals(1, launcher.logTail(ONE, 1000).orElseThrow().lines().count());
    launcher.stop(ONE, Duration.ofSeconds(30));
    awaitEnd();
  }

  @Test
  void theTailOfALogIsCutToWholeLines() throws InterruptedException {
    start("exit-0");
    awaitEnd();
    assertTrue(launcher.logTail(ONE, 1000).orElseThrow().contains("luthier-one"));
    assertEquals(Optional.of(""), launcher.logTail(ONE, 3));
  }
}
