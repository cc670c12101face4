package dev.luthier.app.serve;

import dev.luthier.app.config.Config;
import dev.luthier.platform.launch.WorkerCommand;
import dev.luthier.platform.launch.WorkerKind;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The files this program runs from, and how its worker processes are started from the same ones.
///
/// @param jar the application's jar; its manifest names the libraries beside it
/// @param archives where class data archives are kept; made when needed
/// @param hash of every jar's content; part of an archive's name
record Distribution(Path jar, Path archives, String hash) {
  private static final Map<WorkerKind, String> MAINS =
      Map.of(
          WorkerKind.TRAINER, "dev.luthier.worker.TrainerMain",
          WorkerKind.INFERENCE, "dev.luthier.worker.InferenceMain");

  private static final String BENCH = "dev.luthier.worker.BenchMain";

  /// Of the running program. Empty when it runs from folders of classes, as tests do.
  static Optional<Distribution> find() {
    try {
      Path jar =
          Path.of(Distribution.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path folder = jar.resolve("../..").normalize();
      Path hash = folder.resolve("lib.sha256");
      if (!Files.isRegularFile(jar) || !Files.isRegularFile(hash)) {
        return Optional.empty();
      }
      String digits = Files.readString(hash).strip().substring(0, 16);
      return Optional.of(new Distribution(jar, folder.resolve("cds"), digits));
    } catch (URISyntaxException | IOException unreadable) {
      throw new IllegalStateException("the program's own files cannot be read", unreadable);
    }
  }

  /// The command lines of workers: the same Java, the same jars, heaps and priority from the
  /// settings.
  static WorkerCommand workers(Config config) {
    return workers(config, WorkerPrefix.ofThisMachine().of(config.cores()), MAINS);
  }

  /// Processes like those of workers that measure; they end with the command that starts them.
  static WorkerCommand benches(Config config) {
    return workers(
        config, Map.of(), Map.of(WorkerKind.TRAINER, BENCH, WorkerKind.INFERENCE, BENCH));
  }

  private static WorkerCommand workers(
      Config config, Map<WorkerKind, List<String>> prefixes, Map<WorkerKind, String> mains) {
    Optional<Distribution> distribution = find();
    Map<WorkerKind, List<String>> options =
        Map.of(
            WorkerKind.TRAINER,
            trainerOptions(config),
            WorkerKind.INFERENCE,
            options(config, config.inferenceHeapMb()));
    return new WorkerCommand(
        prefixes,
        Path.of(System.getProperty("java.home"), "bin", "java"),
        distribution.map(d -> d.jar().toString()).orElse(System.getProperty("java.class.path")),
        options,
        mains);
  }

  /// A trainer's objects are few and old, or young and dead: without a limit the young ones' room
  /// grows with the machine's memory, and all of it is touched.
  private static List<String> trainerOptions(Config config) {
    var options = new ArrayList<>(options(config, config.trainerHeapMb()));
    options.add("-Xmn32m");
    return List.copyOf(options);
  }

  private static List<String> options(Config config, int heapMb) {
    Path natives = config.data().resolve("natives");
    return List.of(
        "-Xmx" + heapMb + "m",
        "-XX:+UseSerialGC",
        "-XX:+ExitOnOutOfMemoryError",
        "-XX:ErrorFile=" + config.data().resolve("logs").resolve("crash-%p.log"),
        "--add-modules=jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        // Limits would make JavaCPP read the process's memory figures at each allocation.
        "-Dorg.bytedeco.javacpp.maxbytes=0",
        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
        "-Dorg.bytedeco.javacpp.cachedir=" + natives,
        "-DDJL_CACHE_DIR=" + natives.resolve("tokenizers"));
  }

  Path archive(String name) {
    return archives.resolve(name + "-" + hash + ".jsa");
  }
}
