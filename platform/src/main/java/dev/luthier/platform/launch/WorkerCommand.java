package dev.luthier.platform.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The fixed command lines of workers on this machine.
///
/// @param prefixes put before the command by kind of worker, `setsid` for instance
/// @param options the JVM's options by kind of worker
/// @param mains the main class by kind of worker
public record WorkerCommand(
    Map<WorkerKind, List<String>> prefixes,
    Path java,
    String classPath,
    Map<WorkerKind, List<String>> options,
    Map<WorkerKind, String> mains) {
  /// How a worker's native libraries wait; they read it when they are loaded.
  ///
  /// An OpenMP team spins for `GOMP_SPINCOUNT` between two products before it sleeps. The default
  /// spins for milliseconds and stalls beside a busy neighbour; not spinning at all halves the
  /// speed of an idle machine (docs/decisions/0007). OpenBLAS has threads of its own, which spin
  /// for 2^`OPENBLAS_THREAD_TIMEOUT` ticks after a product: 2^26 unless told, 27 ms in which the
  /// team wants the same processors.
  private static final Map<String, String> WAITING =
      Map.of("GOMP_SPINCOUNT", "4000", "OPENBLAS_THREAD_TIMEOUT", "16");

  /// What a worker needs of our environment. Keys of users are not among it.
  private static final Set<String> INHERITED =
      Set.of(
          "PATH",
          "HOME",
          "LANG",
          "LC_ALL",
          "TMPDIR",
          "TZ",
          "LD_LIBRARY_PATH",
          "OMP_NUM_THREADS",
          "CUDA_VISIBLE_DEVICES");

  public WorkerCommand {
    prefixes = Map.copyOf(prefixes);
    options = Map.copyOf(options);
    mains = Map.copyOf(mains);
  }

  /// The whole line for one kind.
  public List<String> line(WorkerKind kind) {
    String main = mains.get(kind);
    if (main == null) {
      throw new IllegalArgumentException("no main class is set for a " + kind.text());
    }
    List<String> line = new ArrayList<>(prefixes.getOrDefault(kind, List.of()));
    line.add(java.toString());
    line.addAll(options.getOrDefault(kind, List.of()));
    line.add("-cp");
    line.add(classPath);
    line.add(main);
    return line;
  }

  /// A process of one kind, not started yet: its line, and what it gets of our environment.
  public ProcessBuilder process(WorkerKind kind) {
    ProcessBuilder builder = new ProcessBuilder(line(kind));
    builder.environment().keySet().retainAll(INHERITED);
    builder.environment().putAll(WAITING);
    return builder;
  }
}
