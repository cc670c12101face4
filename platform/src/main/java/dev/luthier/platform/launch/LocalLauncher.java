package dev.luthier.platform.launch;

import dev.luthier.platform.Bell;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts workers as child processes on this machine; they outlive a server that is killed.
///
/// Each launch has a pid file with the process's start time, so that a server started anew knows
/// its children, and never takes a stranger with a reused pid for one. Output goes to a log file.
public final class LocalLauncher implements Launcher {
  /// How far the start time that the system names may wander from the one noted.
  private static final Duration START_TOLERANCE = Duration.ofSeconds(2);

  private static final int LOG_TAIL_BYTES_MAX = 1 << 20;
  private static final Logger log = LoggerFactory.getLogger(LocalLauncher.class);

  private final WorkerCommand command;
  private final Map<String, String> environment;
  private final Path pidFolder;
  private final Path logFolder;
  private final Bell exits;
  private final Map<LaunchId, Process> children = new HashMap<>();

  /// Sets it up.
  ///
  /// @param environment set for every worker, beside the three variables of the protocol
  /// @param pidFolder holds a file for each launch; made if missing
  /// @param logFolder holds a log for each launch; made if missing
  /// @param exits rung when a process that was started here has ended
  public LocalLauncher(
      WorkerCommand command,
      Map<String, String> environment,
      Path pidFolder,
      Path logFolder,
      Bell exits) {
    this.command = command;
    this.environment = Map.copyOf(environment);
    this.pidFolder = pidFolder;
    this.logFolder = logFolder;
    this.exits = exits;
    try {
      Files.createDirectories(pidFolder);
      Files.createDirectories(logFolder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make the folders of launches", e);
    }
  }

  @Override
  public synchronized void start(LaunchSpec spec) {
    if (children.containsKey(spec.id()) || Files.exists(pidFile(spec.id()))) {
      return;
    }
    ProcessBuilder builder = command.process(spec.kind());
    builder.environment().putAll(environment);
    builder.environment().put("LUTHIER_SERVER", spec.server().toString());
    builder.environment().put("LUTHIER_LAUNCH", spec.id().text());
    builder.environment().put("LUTHIER_ENROL", spec.enrolmentCode());
    builder.redirectErrorStream(true);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile(spec.id()).toFile()));
    try {
      Process process = builder.start();
      children.put(spec.id(), process);
      note(spec.id(), process.toHandle());
      var _ = process.onExit().thenRun(exits::ring);
      log.info("started {} {} as process {}", spec.kind().text(), spec.id(), process.pid());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.line(spec.kind()).getFirst(), e);
    }
  }

  private void note(LaunchId id, ProcessHandle process) throws IOException {
    Path half = pidFolder.resolve(id + ".half");
    Instant start = process.info().startInstant().orElse(Instant.EPOCH);
    Files.writeString(half, process.pid() + " " + start.toEpochMilli() + "\n");
    Files.move(half, pidFile(id), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public synchronized List<Sighting> list() {
    List<Sighting> sightings = new ArrayList<>();
    children.forEach((id, process) -> sightings.add(new Sighting(id, status(process))));
    for (LaunchId id : idsIn(pidFolder, ".pid")) {
      if (!children.containsKey(id)) {
        sightings.add(new Sighting(id, statusOfEarlier(id)));
      }
    }
    return sightings;
  }

  private static Sighting.Status status(Process process) {
    if (process.isAlive()) {
      return new Sighting.Status.Running("local");
    }
    int exit = process.exitValue();
    return new Sighting.Status.Gone(OptionalInt.of(exit), "exit code " + exit);
  }

  private Sighting.Status statusOfEarlier(LaunchId id) {
    return process(id)
        .<Sighting.Status>map(process -> new Sighting.Status.Running("local"))
        .orElse(
            new Sighting.Status.Gone(
                OptionalInt.empty(), "it ended while the server was not running"));
  }

  /// The living process of a launch, of this or an earlier life of the server.
  private Optional<ProcessHandle> process(LaunchId id) {
    Process child = children.get(id);
    if (child != null) {
      return Optional.of(child.toHandle()).filter(ProcessHandle::isAlive);
    }
    try {
      String[] noted = Files.readString(pidFile(id)).strip().split(" ", -1);
      Instant start = Instant.ofEpochMilli(Long.parseLong(noted[1]));
      return ProcessHandle.of(Long.parseLong(noted[0]))
          .filter(ProcessHandle::isAlive)
          .filter(process -> startedAt(process, start));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // no pid file, or not one of ours
    }
  }

  private static boolean startedAt(ProcessHandle process, Instant noted) {
    return process
        .info()
        .startInstant()
        .filter(start -> Duration.between(start, noted).abs().compareTo(START_TOLERANCE) <= 0)
        .isPresent();
  }

  @Override
  public synchronized void stop(LaunchId id, Duration grace) {
    process(id)
        .ifPresent(process -> {
          process.destroy();
          CompletableFuture.delayedExecutor(grace.toMillis(), TimeUnit.MILLISECONDS)
              .execute(process::destroyForcibly);
        });
  }

  @Override
  public synchronized void forget(LaunchId id) {
    if (process(id).isPresent()) {
      return;
    }
    children.remove(id);
    try {
      Files.deleteIfExists(pidFile(id));
    } catch (IOException e) {
      log.warn("the pid file of {} stays; it is tried again", id, e);
    }
  }

  @Override
  public Optional<String> logTail(LaunchId id, int bytes) {
    try (RandomAccessFile file = new RandomAccessFile(logFile(id).toFile(), "r")) {
      int wanted = (int) Math.min(file.length(), Math.min(bytes, LOG_TAIL_BYTES_MAX));
      byte[] tail = new byte[wanted];
      file.seek(file.length() - wanted);
      file.readFully(tail);
      String text = new String(tail, StandardCharsets.UTF_8);
      boolean cut = file.length() > wanted;
      return Optional.of(cut ? text.substring(text.indexOf('\n') + 1) : text);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Override
  public synchronized void removeLogs(Instant before) {
    for (LaunchId id : idsIn(logFolder, ".log")) {
      if (children.containsKey(id) || Files.exists(pidFile(id))) {
        continue;
      }
      try {
        if (Files.getLastModifiedTime(logFile(id)).toInstant().isBefore(before)) {
          Files.delete(logFile(id));
          log.info("removed the log of {}: nothing was written to it since {}", id, before);
        }
      } catch (IOException e) {
        log.warn("the log of {} stays; it is tried again", id, e);
      }
    }
  }

  @Override
  public String logPlace(LaunchId id) {
    return logFile(id).toString();
  }

  private static List<LaunchId> idsIn(Path folder, String ending) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .map(name -> name.substring(0, name.length() - ending.length()))
          .filter(name -> name.matches(LaunchId.PATTERN))
          .map(LaunchId::new)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the launches", e);
    }
  }

  private Path pidFile(LaunchId id) {
    return pidFolder.resolve(id + ".pid");
  }

  private Path logFile(LaunchId id) {
    return logFolder.resolve(id + ".log");
  }
}
