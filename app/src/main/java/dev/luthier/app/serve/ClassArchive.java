package dev.luthier.app.serve;

import dev.luthier.app.bases.Folders;
import dev.luthier.app.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the classes that this server and its workers have loaded, so that the next start reads
/// them ready-made.
///
/// AppCDS and not the newer AOT cache, because that one goes on with old classes after a jar
/// changed and says nothing, while this archive is compared with the jars at every start; and with
/// an incubating module, as the workers' vectors are, it holds no profiles.
final class ClassArchive {
  private static final Duration SETTLE = Duration.ofSeconds(8);
  private static final Duration REHEARSAL_MAX = Duration.ofMinutes(2);
  private static final Path NICE = Path.of("/usr/bin/nice");
  private static final Logger LOG = LoggerFactory.getLogger(ClassArchive.class);

  private final Distribution distribution;
  private final Config config;

  private ClassArchive(Distribution distribution, Config config) {
    this.distribution = distribution;
    this.config = config;
  }

  /// Writes the archives that are not there, by child processes of low priority: one rehearses a
  /// server on an empty folder, one workers on the base in `baseFolder`. (This process itself could
  /// be dumped by jcmd; on JDK 25.0.3 it crashed some time after that.)
  static void writeInBackground(Config config, Path tmpFolder, Path baseFolder) {
    Distribution.find()
        .ifPresent(distribution ->
            Thread.ofPlatform()
                .name("class-archive")
                .daemon(true)
                .start(() ->
                    new ClassArchive(distribution, config).writeMissing(tmpFolder, baseFolder)));
  }

  private void writeMissing(Path tmpFolder, Path baseFolder) {
    Path stage = tmpFolder.resolve("rehearsal");
    try {
      Thread.sleep(SETTLE); // The first request comes first.
      write(distribution.serverArchive(), half -> distribution.serverRehearsal(half, stage));
      Folders.deleteTree(stage);
      write(
          distribution.workerArchive(),
          half -> distribution.workerRehearsal(config, half, baseFolder));
    } catch (IOException failure) {
      LOG.warn("no class archive was written; starts stay slower", failure);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(Path archive, Function<Path, List<String>> rehearsal)
      throws IOException, InterruptedException {
    if (Files.exists(archive)) {
      return;
    }
    Path half = archive.resolveSibling(archive.getFileName() + "." + ProcessHandle.current().pid());
    Files.createDirectories(archive.getParent());
    Process process =
        new ProcessBuilder(command(half, archive, rehearsal.apply(half)))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(REHEARSAL_MAX.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    } else if (Files.exists(archive)) {
      LOG.info("wrote {}; the next start is quicker", archive);
      deleteOlder(archive);
    }
    Files.deleteIfExists(half);
  }

  /// Deletes archives of the same kind that other builds have left, and halves that nobody
  /// finished. A server of another build that still runs has its own mapped.
  static void deleteOlder(Path archive) throws IOException {
    var limit = Files.getLastModifiedTime(archive).toInstant().minus(REHEARSAL_MAX);
    String name = archive.getFileName().toString();
    String kind = name.substring(0, name.indexOf('-') + 1);
    try (Stream<Path> files = Files.list(archive.getParent())) {
      for (Path other : (Iterable<Path>) files::iterator) {
        if (other.getFileName().toString().startsWith(kind)
            && !other.equals(archive)
            && Files.getLastModifiedTime(other).toInstant().isBefore(limit)) {
          Files.deleteIfExists(other);
        }
      }
    }
  }

  private static List<String> command(Path half, Path archive, List<String> rehearsal) {
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
            archive.toString()));
    command.addAll(rehearsal);
    return command;
  }
}
