package dev.luthier.platform.launch;

import java.util.OptionalInt;

/// What a launcher says of one of its launches. A hint, never the truth: the lease is.
public record Sighting(LaunchId id, Status status) {
  /// How the launch stands.
  public sealed interface Status {
    /// Accepted, not started yet.
    record Waiting(String reason) implements Status {}

    /// A process exists.
    record Running(String node) implements Status {}

    /// It has ended; the exit code where it is known.
    record Gone(OptionalInt exit, String reason) implements Status {}
  }
}
