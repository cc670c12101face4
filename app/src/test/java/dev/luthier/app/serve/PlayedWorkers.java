package dev.luthier.app.serve;

import dev.luthier.platform.launch.LaunchId;
import dev.luthier.platform.launch.LaunchSpec;
import dev.luthier.platform.launch.Launcher;
import dev.luthier.platform.launch.Sighting;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Starts nothing: whoever takes a launch's code out of here speaks for the worker.
final class PlayedWorkers implements Launcher {
  private final BlockingQueue<LaunchSpec> started = new LinkedBlockingQueue<>();
  private volatile boolean allDie;
  private final Map<LaunchId, Sighting.Status> statuses = new ConcurrentHashMap<>();

  LaunchSpec next() throws InterruptedException {
    LaunchSpec spec = started.poll(20, TimeUnit.SECONDS);
    if (spec == null) {
      throw new AssertionError("no worker was launched within 20 s; known are " + statuses);
    }
    return spec;
  }

  void dies(LaunchId id) {
    statuses.put(id, new Sighting.Status.Gone(OptionalInt.of(137), "exit code 137"));
  }

  /// Whoever lives is dead now, and whoever is started from now on dies at once.
  void allDie() {
    allDie = true;
    statuses.keySet().forEach(this::dies);
  }

  @Override
  public void start(LaunchSpec spec) {
    statuses.put(spec.id(), new Sighting.Status.Running("here"));
    if (allDie) {
      dies(spec.id());
    }
    started.add(spec);
  }

  @Override
  public List<Sighting> list() {
    return statuses.entrySet().stream()
        .map(entry -> new Sighting(entry.getKey(), entry.getValue()))
        .toList();
  }

  @Override
  public void stop(LaunchId id, Duration grace) {
    dies(id);
  }

  @Override
  public void forget(LaunchId id) {
    statuses.remove(id);
  }

  @Override
  public Optional<String> logTail(LaunchId id, int bytes) {
    return Optional.empty();
  }

  @Override
  public void removeLogs(Instant before) {}

  @Override
  public String logPlace(LaunchId id) {
    return "nowhere";
  }
}
