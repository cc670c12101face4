package dev.luthier.platform.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.luthier.platform.Bell;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalLauncherTest extends LauncherContract {
  @TempDir Path folder;

  /// A shell stands for the worker; its options are the script.
  private static final String SCRIPT =
      """
      echo "$LUTHIER_LAUNCH of $LUTHIER_SERVER, spins ${GOMP_SPINCOUNT}, secrets: ${SHELL_SECRET-none}"
      case $LUTHIER_ENROL in
        exit-*) exit "${LUTHIER_ENROL#exit-}";;
        stubborn) trap '' TERM;;
      esac
      while :; do sleep 0.1; done
      """;

  @Override
  Launcher open() {
    return open(List.of());
  }

  private Launcher open(List<String> prefix) {
    var command =
        new WorkerCommand(
            Map.of(WorkerKind.TRAINER, prefix),
            Path.of("/bin/sh"),
            "classes",
            Map.of(WorkerKind.TRAINER, List.of("-c", SCRIPT)),
            Map.of(WorkerKind.TRAINER, "Main"));
    return new LocalLauncher(
        command, Map.of(), folder.resolve("pids"), folder.resolve("logs"), new Bell());
  }

  @Test
  void aStrangerWithTheSamePidIsNotTakenForAChild() throws IOException {
    Launcher launcher = open();
    long ownPid = ProcessHandle.current().pid();
    Instant anHourAgo = Instant.now().minusSeconds(3600);
    Files.writeString(
        folder.resolve("pids/luthier-old.pid"), ownPid + " " + anHourAgo.toEpochMilli() + "\n");
    Sighting sighting = launcher.list().getFirst();
    assertInstanceOf(Sighting.Status.Gone.class, sighting.status());
    launcher.stop(sighting.id(), Duration.ZERO);
    assertTrue(ProcessHandle.current().isAlive());
    launcher.forget(sighting.id());
    assertEquals(List.of(), launcher.list());
  }

  @Test
  void aWorkerInASessionOfItsOwnIsKnownByItsOwnPid() throws Exception {
    Path setsid = Path.of("/usr/bin/setsid");
    assumeTrue(Files.isExecutable(setsid), "this machine has no setsid");
    Launcher launcher = open(List.of(setsid.toString()));
    var id = new LaunchId("luthier-apart");
    launcher.start(
        new LaunchSpec(id, WorkerKind.TRAINER, URI.create("http://127.0.0.1:1"), "stubborn"));
    try {
      while (launcher.logTail(id, 1000).filter(text -> text.contains("apart")).isEmpty()) {
        Thread.sleep(20);
      }
      String pid = Files.readString(folder.resolve("pids/luthier-apart.pid")).split(" ", -1)[0];
      String[] stat = Files.readString(Path.of("/proc", pid, "stat")).split(" ", -1);
      assertEquals("(sh)", stat[1], "the worker itself, not setsid");
      assertEquals(pid, stat[4], "its process group, which Ctrl-C here does not reach");
      assertEquals(pid, stat[5], "its session");
    } finally {
      launcher.stop(id, Duration.ZERO);
    }
  }

  @Test
  void onlyOldLogsOfLaunchesThatAreForgottenAreRemoved() throws Exception {
    Launcher launcher = open();
    Instant now = Instant.parse("2026-01-31T00:00:00Z");
    var known = new LaunchId("luthier-known");
    launcher.start(
        new LaunchSpec(known, WorkerKind.TRAINER, URI.create("http://127.0.0.1:1"), "exit-0"));
    Path knownLog = log("luthier-known.log", now.minus(Duration.ofDays(9)));
    Path old = log("luthier-ftjob-1-a1.log", now.minus(Duration.ofDays(9)));
    Path young = log("luthier-ftjob-2-a1.log", now.minus(Duration.ofDays(7)));
    Path servers = log("server.log", now.minus(Duration.ofDays(9)));
    launcher.removeLogs(now.minus(Duration.ofDays(8)));
    assertFalse(Files.exists(old));
    assertTrue(Files.exists(young) && Files.exists(servers) && Files.exists(knownLog));
  }

  private Path log(String name, Instant lastWritten) throws IOException {
    Path file = folder.resolve("logs").resolve(name);
    Files.writeString(file, "");
    return Files.setLastModifiedTime(file, FileTime.from(lastWritten));
  }

  @Test
  void theWorkersLineIsFixed() {
    var command =
        new WorkerCommand(
            Map.of(WorkerKind.INFERENCE, List.of("setsid")),
            Path.of("/jdk/bin/java"),
            "a.jar",
            Map.of(),
            Map.of(WorkerKind.INFERENCE, "dev.Main"));
    assertEquals(
        List.of("setsid", "/jdk/bin/java", "-cp", "a.jar", "dev.Main"),
        command.line(WorkerKind.INFERENCE));
  }
}
