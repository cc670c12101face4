package dev.luthier.app.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
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
  private static final Duration DUMP_MAX = Duration.ofSeconds(60);
  private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

  private ClassArchive() {}

  /// Writes the archive on a thread of its own when there is none and this process can; the
  /// launcher script starts it so (`-XX:+RecordDynamicDumpInfo`).
  static void writeInBackground() {
    Distribution.find()
        .map(distribution -> distribution.archive("main"))
        .filter(archive -> !Files.exists(archive))
        .ifPresent(archive ->
            Thread.ofPlatform().name("class-archive").daemon(true).start(() -> write(archive)));
  }

  private static void write(Path archive) {
    Path half = archive.resolveSibling(archive.getFileName() + "." + ProcessHandle.current().pid());
    try {
      Thread.sleep(SETTLE); // The first requests load classes too.
      Files.createDirectories(archive.getParent());
      Process dump =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                      Long.toString(ProcessHandle.current().pid()),
                      "VM.cds",
                      "dynamic_dump",
                      half.toString()))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!dump.waitFor(DUMP_MAX.toSeconds(), TimeUnit.SECONDS)) {
        dump.destroyForcibly();
      }
      if (Files.exists(half)) {
        Files.move(half, archive, StandardCopyOption.ATOMIC_MOVE);
        LOG.info("wrote {}; the next start is quicker", archive);
      }
    } catch (IOException failure) {
      LOG.warn("no class archive was written; starts stay slower", failure);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
