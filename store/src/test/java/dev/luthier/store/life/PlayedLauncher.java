package dev.luthier.store.life;

import dev.luthier.platform.launch.LaunchId;
import dev.luthier.platform.launch.LaunchSpec;
import dev.luthier.platform.launch.Launcher;
import dev.luthier.platform.launch.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Launches that live and die as a test says.
final class PlayedLauncher implements Launcher {
  final List<LaunchSpec> started = new ArrayList<>();
  final List<LaunchId> stopped = new ArrayList<>();

  /// What else happens between a look at the launches and its answer.
  Runnable whileListed = () -> {};

  /// Whether what is told to stop lives on.
  boolean endsSlowly;

  private final Map<LaunchId, Sighting.Status> statuses = new LinkedHashMap<>();

  @Override
  public void start(LaunchSpec spec) {
    started.add(spec);
    statuses.put(spec.id(), new Sighting.Status.Running("here"));
  }

  void dies(LaunchId id, int exit) {
    statuses.put(id, new Sighting.Status.Gone(OptionalInt.of(exit), "exit code " + exit));
  }

  LaunchSpec last() {
    return started.getLast();
  }

  @Override
  public List<Sighting> list() {
    List<Sighting> sightings =
        statuses.entrySet().stream()
            .map(entry -> new Sighting(entry.getKey(), entry.getValue()))
            .toList();
    whileListed.run();
    return sightings;
  }

  @Override
  public void stop(LaunchId id, Duration grace) {
    stopped.add(id);
    if (statuses.containsKey(id) && !endsSlowly) {
      dies(id, 143);
    }
  }

  @Override
  public void forget(LaunchId id) {
    statuses.remove(id);
  }

  @Override
  public Optional<String> logTail(LaunchId id, int bytes) {
    return Optional.of("a line\nthe last line of " + id + "\n\n");
  }

  @Override
  public void removeLogs(Instant before) {}

  @Override
  public String logPlace(LaunchId id) {
    return "logs/" + id + ".log";
  }
}
