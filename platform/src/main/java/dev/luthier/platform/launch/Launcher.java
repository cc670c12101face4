package dev.luthier.platform.launch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Port: starts worker processes somewhere. Safe for many threads. It places, and decides nothing:
/// no restarts, no order.
public interface Launcher {
  /// Starts a worker and returns at once. Twice with the same id starts one process.
  void start(LaunchSpec spec);

  /// All launches that are known here, also those of an earlier life of this server; one that ended
  /// is shown until [#forget].
  List<Sighting> list();

  /// Asks the process to end, and ends it by force after `grace`; returns at once. An unknown or
  /// ended id is fine.
  void stop(LaunchId id, Duration grace);

  /// Removes the logs of launches that are not known here any more and wrote nothing since
  /// `before`.
  void removeLogs(Instant before);

  /// Drops what is known of a launch that is gone; its log may stay.
  void forget(LaunchId id);

  /// The last `bytes` of what the worker wrote, cut to whole lines; empty when there is no log.
  Optional<String> logTail(LaunchId id, int bytes);

  /// Where a person finds the whole log: a path, or what to type.
  String logPlace(LaunchId id);
}
