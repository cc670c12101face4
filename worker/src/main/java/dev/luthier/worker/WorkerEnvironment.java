package dev.luthier.worker;

import dev.luthier.wire.internal.EnrolRequest;
import dev.luthier.worker.server.RefusedException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/// What a worker is started with, read from environment variables; all else comes from the server.
///
/// @param resumeEvery the longest stretch of training that a crash may cost
public record WorkerEnvironment(URI server, EnrolRequest enrolment, Duration resumeEvery) {
  private static final Duration RESUME_EVERY = Duration.ofSeconds(60);

  /// Reads the variables that the launcher has set.
  ///
  /// @throws RefusedException if one is missing or malformed
  public static WorkerEnvironment read(Map<String, String> environment) {
    String server = required(environment, "LUTHIER_SERVER");
    try {
      return new WorkerEnvironment(
          URI.create(server.endsWith("/") ? server : server + "/"),
          new EnrolRequest(
              required(environment, "LUTHIER_LAUNCH"), required(environment, "LUTHIER_ENROL")),
          resumeEvery(environment.getOrDefault("LUTHIER_RESUME_SECONDS", "")));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          "The environment of this worker is malformed: %s (LUTHIER_SERVER is '%s')"
              .formatted(e.getMessage(), server));
    }
  }

  private static Duration resumeEvery(String seconds) {
    if (seconds.isEmpty()) {
      return RESUME_EVERY;
    }
    long millis = Math.round(Double.parseDouble(seconds) * 1000);
    if (millis < 0 || millis > RESUME_EVERY.toMillis()) {
      throw new IllegalArgumentException(
          "LUTHIER_RESUME_SECONDS must lie in 0..60, but is " + seconds);
    }
    return Duration.ofMillis(millis);
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null || value.isEmpty()) {
      throw new RefusedException(
          name + " is not set; workers are started by 'luthier serve', not by hand");
    }
    return value;
  }
}
