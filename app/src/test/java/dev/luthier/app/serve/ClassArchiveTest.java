package dev.luthier.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassArchiveTest {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

  @TempDir Path folder;

  @Test
  void archivesOfOtherBuildsAndUnfinishedHalvesGo() throws IOException {
    Path archive = made("main-2222.jsa", NOW);
    made("main-1111.jsa", NOW.minus(Duration.ofDays(1)));
    made("main-1111.jsa.4711", NOW.minus(Duration.ofDays(1)));
    made("main-3333.jsa.4712", NOW); // Another build's rehearsal, going on.
    made("worker-1111.jsa", NOW.minus(Duration.ofDays(1))); // Goes with its own kind.

    ClassArchive.deleteOlder(archive);

    try (var files = Files.list(folder)) {
      assertEquals(
          Set.of("main-2222.jsa", "main-3333.jsa.4712", "worker-1111.jsa"),
          files.map(file -> file.getFileName().toString()).collect(Collectors.toSet()));
    }
  }

  private Path made(String name, Instant when) throws IOException {
    return Files.setLastModifiedTime(Files.createFile(folder.resolve(name)), FileTime.from(when));
  }
}
