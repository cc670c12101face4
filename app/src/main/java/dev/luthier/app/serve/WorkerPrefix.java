package dev.luthier.app.serve;

import dev.luthier.app.config.Cores;
import dev.luthier.platform.launch.WorkerKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What stands before a worker's command line: a session of its own and its priority, by the
/// system's own tools and without root (docs/decisions/0008).
///
/// @param folders where `setsid` and `nice` are looked for
record WorkerPrefix(List<Path> folders) {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerPrefix.class);

  private static final String LEAST_PRIORITY = "19";

  /// Where Linux groups processes by session (sched_autogroup_enabled), a nice value counts inside
  /// its session only; the session as a whole has one of its own, in this file. Only for a session
  /// that is the trainer's: it would slow the server's down as well.
  private static final List<String> NICE_SESSION =
      List.of(
          "/bin/sh",
          "-c",
          "{ echo " + LEAST_PRIORITY + " >/proc/self/autogroup; } 2>/dev/null; exec \"$@\"",
          "sh");

  /// With this machine's tools.
  static WorkerPrefix ofThisMachine() {
    return new WorkerPrefix(List.of(Path.of("/usr/bin"), Path.of("/bin")));
  }

  Map<WorkerKind, List<String>> of(Cores cores) {
    // Ctrl-C in a terminal reaches the whole process group; the server is to stop its workers.
    List<String> session = tool("setsid").map(List::of).orElse(List.of());
    List<String> trainer = new ArrayList<>(session);
    if (cores == Cores.ANSWERS_FIRST) {
      trainer.addAll(least(!session.isEmpty()));
    }
    return Map.of(WorkerKind.TRAINER, List.copyOf(trainer), WorkerKind.INFERENCE, session);
  }

  private List<String> least(boolean ownSession) {
    Optional<String> nice = tool("nice");
    if (nice.isEmpty()) {
      LOG.warn(
          "there is no 'nice' in {}; training shares the cores evenly with answers, as by"
              + " cores = even",
          folders);
      return List.of();
    }
    List<String> least = new ArrayList<>(ownSession ? NICE_SESSION : List.of());
    least.addAll(List.of(nice.get(), "-n", LEAST_PRIORITY));
    return least;
  }

  private Optional<String> tool(String name) {
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Path::toString);
  }
}
