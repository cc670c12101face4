package dev.luthier.platform.launch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The fixed command lines of workers on this machine.
///
/// @param prefix put before the command, `setsid` for instance; may be empty
/// @param options the JVM's options by kind of worker
/// @param mains the main class by kind of worker
public record WorkerCommand(
    List<String> prefix,
    Path java,
    String classPath,
    Map<WorkerKind, List<String>> options,
    Map<WorkerKind, String> mains) {
  public WorkerCommand {
    prefix = List.copyOf(prefix);
    options = Map.copyOf(options);
    mains = Map.copyOf(mains);
  }

  /// The whole line for one kind.
  public List<String> line(WorkerKind kind) {
    String main = mains.get(kind);
    if (main == null) {
      throw new IllegalArgumentException("no main class is set for a " + kind.text());
    }
    List<String> line = new ArrayList<>(prefix);
    line.add(java.toString());
    line.addAll(options.getOrDefault(kind, List.of()));
    line.add("-cp");
    line.add(classPath);
    line.add(main);
    return line;
  }
}
