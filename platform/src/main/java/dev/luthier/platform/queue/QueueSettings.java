package dev.luthier.platform.queue;

import java.net.URI;
import java.time.Duration;

/// How jobs are run.
///
/// @param server where workers find this server
/// @param trainersMax how many trainers run at once
/// @param lease how long a silent trainer is taken to be alive; also the time that trainers have to
///   come back after this server was away
/// @param enrolmentWait how long a started process may take to enrol
/// @param stopGrace between TERM and KILL
public record QueueSettings(
    URI server, int trainersMax, Duration lease, Duration enrolmentWait, Duration stopGrace) {
  /// One trainer, 30 s of lease.
  public static QueueSettings of(URI server) {
    return new QueueSettings(
        server, 1, Duration.ofSeconds(30), Duration.ofMinutes(2), Duration.ofSeconds(5));
  }
}
