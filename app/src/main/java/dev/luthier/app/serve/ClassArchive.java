package dev.luthier.app.serve;

import dev.luthier.app.bases.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the classes that this server has loaded, so that the next start reads them ready-made.
///
/// AppCDS and not the newer AOT cache, because that one goes on with old classes after a jar
/// changed and says nothing, while this archive is compared with the jars at every start.
final class ClassArchive {
  private static final Duration SETTLE = Duration.ofSeconds(8);
  private static final Duration REHEARSAL_MAX = Duration.ofMinutes(2);
  private static final Path NICE = Path.of("/usr/bin/nice");
  private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

  private ClassArchive() {}

  /// Writes the archive when there is none, by a child process of low priority that rehearses a
  /// server on an empty folder. (This process itself could be dumped by jcmd; on JDK 25.0.3 it
  /// crashed some time after that.)
  static void writeInBackground(Path tmpFolder) {
    Distribution.find()
        .filter(distribution -> !Files.exists(distribution.archive("main")))
        .ifPresent(distribution ->
            Thread.ofPlatform()
                .name("class-archive")
                .daemon(true)
                .start(() -> write(distribution, tmpFolder)));
  }

  private static void write(Distribution distribution, Path tmpFolder) {
    Path archive = distribution.archive("main");
    Path half = archive.resolveSibling(archive.getFileName() + "." + ProcessHandle.current().pid());
    Path stage = tmpFolder.resolve("rehearsal");
    try {
      Thread.sleep(SETTLE); // The first request comes first.
      Files.createDirectories(archive.getParent());
      Process rehearsal =
          new ProcessBuilder(command(distribution, half, archive, stage))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!rehearsal.waitFor(REHEARSAL_MAX.toSeconds(), TimeUnit.SECONDS)) {
        rehearsal.destroyForcibly();
      } else if (Files.exists(archive)) {
        LOG.info("wrote {}; the next start is quicker", archive);
      }
      Files.deleteIfExists(half);
      Folders.deleteTree(stage);
    } catch (IOException failure) {
      LOG.warn("no class archive was written; starts stay slower", failure);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<String> command(
      Distribution distribution, Path half, Path archive, Path data) {
    List<String> command = new ArrayList<>();
    if (Files.isExecutable(NICE)) {
      command.addAll(List.of(NICE.toString(), "-n", "19"));
    }
    // The shell renames, so that a server that stops meanwhile does not leave half an archive.
    command.addAll(
        List.of(
            "/bin/sh",
            "-c",
            "half=$1 whole=$2; shift 2; \"$@\" && mv \"$half\" \"$whole\"",
            "sh",
            half.toString(),
            archive.toString(),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:ArchiveClassesAtExit=" + half,
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            distribution.jar().toString(),
            "dev.luthier.app.Main",
            "rehearse",
            "--data",
            data.toString()));
    return command;
  }
}
