package dev.luthier.wire.internal;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;

/// `POST job/events`: a message for the job's event list.
public record EventRequest(Level level, String message) {
  /// The most characters of a message.
  public static final int MESSAGE_MAX = 4_000;

  public EventRequest {
    Objects.requireNonNull(level, "level");
    Check.text("message", message);
    if (message.length() > MESSAGE_MAX) {
      throw new IllegalArgumentException(
          "message has %d characters, at most %d are taken"
              .formatted(message.length(), MESSAGE_MAX));
    }
  }

  /// How loud the event is.
  public enum Level {
    @JsonProperty("info")
    INFO,
    @JsonProperty("warn")
    WARN,
    @JsonProperty("error")
    ERROR
  }
}
