package dev.luthier.app.serve;

import dev.luthier.app.config.Config;
import dev.luthier.platform.launch.WorkerCommand;
import dev.luthier.platform.launch.WorkerKind;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

  private static final String TRIAL = "dev.luthier.worker.DeviceMain";
  private static final String BENCH = "dev.luthier.worker.BenchMain";
  private static final String REHEARSAL = "dev.luthier.worker.RehearsalMain";

  /// What C2 makes of a vector kernel is a hundred times as fast as what runs before, so whoever
  /// calls one waits for its code instead of crawling on. The engine gets to C2 after the usual
  /// calls, all else after ten times as many: in a start's few seconds its work would be thrown
  /// away, and keep the kernels' waiting (docs/decisions/0011).
  private static final List<String> ENGINE_FIRST =
      List.of(
          "-XX:Tier4InvocationThreshold=50000",
          "-XX:Tier4MinInvocationThreshold=6000",
          "-XX:Tier4CompileThreshold=150000",
          "-XX:Tier4BackEdgeThreshold=400000",
          "-XX:CompileCommand=quiet",
          "-XX:CompileCommand=CompileThresholdScaling,dev.luthier.engine.*::*,0.1",
          "-XX:CompileCommand=BackgroundCompilation,dev.luthier.engine.kernel.*::*,false");

  /// A job may be over in seconds: its kernels get there after a fifth of the usual calls. What
  /// answers for days waits until the compiler knows more: after so few, prompts were read at two
  /// thirds of the speed.
  private static final String KERNELS_SOONER = // The last one that fits a method counts.
      "-XX:CompileCommand=CompileThresholdScaling,dev.luthier.engine.kernel.*::*,0.02";

  /// One compiler for what need not last and two for what must; from four processors on, the JVM
  /// has as many by itself.
  private static final int COMPILERS = 3;

  private static final int PROCESSORS_OF_SO_MANY = 4;

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
  static WorkerCommand workers(Config config, WorkerDevice device) {
    return workers(config, device.jars(), WorkerPrefix.ofThisMachine().of(config.cores()), MAINS);
  }

  /// Processes like those of workers that measure; they end with the command that starts them.
  static WorkerCommand benches(Config config, WorkerDevice device) {
    return workers(
        config,
        device.jars(),
        Map.of(),
        Map.of(WorkerKind.TRAINER, BENCH, WorkerKind.INFERENCE, BENCH));
  }

  /// What workers compute on, tried in a process like theirs where a GPU may be there.
  static WorkerDevice device(Config config) {
    return WorkerDevice.decide(
        config.device(),
        find().map(distribution -> distribution.jar.resolveSibling("../gpu").normalize()),
        jars ->
            workers(config, jars, Map.of(), Map.of(WorkerKind.TRAINER, TRIAL))
                .process(WorkerKind.TRAINER));
  }

  private static WorkerCommand workers(
      Config config,
      List<Path> jars,
      Map<WorkerKind, List<String>> prefixes,
      Map<WorkerKind, String> mains) {
    Optional<Distribution> distribution = find();
    // Named though it may not be there yet: the JVM goes without it, and says nothing.
    List<String> archive =
        distribution
            .map(found ->
                List.of(
                    "-XX:SharedArchiveFile=" + found.workerArchive(),
                    "-Xlog:cds*=off",
                    "-Xlog:aot*=off"))
            .orElse(List.of());
    return new WorkerCommand(
        prefixes,
        java(),
        classPath(distribution, jars),
        Map.of(
            WorkerKind.TRAINER,
            concat(archive, trainerOptions(config)),
            WorkerKind.INFERENCE,
            concat(archive, options(config, config.inferenceHeapMb()))),
        mains);
  }

  /// A trainer's objects are few and old, or young and dead: without a limit the young ones' room
  /// grows with the machine's memory, and all of it is touched.
  private static List<String> trainerOptions(Config config) {
    var options = new ArrayList<>(options(config, config.trainerHeapMb()));
    options.add("-Xmn32m");
    options.add(KERNELS_SOONER);
    return List.copyOf(options);
  }

  /// The command line of a process that loads what workers load from a base's folder, and leaves
  /// their archive in `half` when it ends.
  List<String> workerRehearsal(Config config, Path half, Path baseFolder) {
    List<String> line = new ArrayList<>();
    line.add(java().toString());
    line.add("-XX:ArchiveClassesAtExit=" + half);
    line.addAll(trainerOptions(config));
    line.addAll(List.of("-cp", jar.toString(), REHEARSAL, baseFolder.toString()));
    return line;
  }

  private static String classPath(Optional<Distribution> distribution, List<Path> jars) {
    Stream<String> own =
        Stream.of(
            distribution
                .map(d -> d.jar().toString())
                .orElse(System.getProperty("java.class.path")));
    return Stream.concat(own, jars.stream().map(Path::toString))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /// The same for the server, on an empty data folder.
  List<String> serverRehearsal(Path half, Path data) {
    return List.of(
        java().toString(),
        "-XX:ArchiveClassesAtExit=" + half,
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        jar.toString(),
        "dev.luthier.app.Main",
        "rehearse",
        "--data",
        data.toString());
  }

  private static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  private static List<String> options(Config config, int heapMb) {
    Path natives = config.data().resolve("natives");
    List<String> options = new ArrayList<>(ENGINE_FIRST);
    if (Runtime.getRuntime().availableProcessors() < PROCESSORS_OF_SO_MANY) {
      options.add("-XX:CICompilerCount=" + COMPILERS);
    }
    options.addAll(
        List.of(
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
            "-DDJL_CACHE_DIR=" + natives.resolve("tokenizers")));
    return options;
  }

  private static List<String> concat(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /// Where the archive of the server's classes is kept.
  Path serverArchive() {
    return archive("main");
  }

  /// Where that of both kinds of workers is kept.
  Path workerArchive() {
    return archive("worker");
  }

  private Path archive(String name) {
    return archives.resolve(name + "-" + hash + ".jsa");
  }
}
