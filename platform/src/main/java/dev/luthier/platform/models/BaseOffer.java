package dev.luthier.platform.models;

import java.util.Optional;

/// A base that is here or can be fetched.
///
/// @param source where it is fetched from, or came from
/// @param bytes on disk; of one that is not here, about what it will take
public record BaseOffer(
    String id, String family, String licence, String source, long bytes, State state) {

  /// How far it is.
  public sealed interface State {
    /// It answers and can be trained on.
    record Present() implements State {}

    /// It is being fetched: a stage (`waiting`, `fetching`, `unpacking`, `importing`) and how far
    /// that is.
    ///
    /// @param file what the stage is about; may be empty
    /// @param total 0 while nobody knows
    record Fetching(String stage, String file, long done, long total, long bytesPerSecond)
        implements State {}

    /// It is not here.
    ///
    /// @param fetched bytes that an earlier, stopped try has left and the next one uses
    /// @param failure why the latest try ended
    record Absent(long fetched, Optional<String> failure) implements State {}
  }
}
