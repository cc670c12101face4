package dev.luthier.wire.internal;

import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/// `POST job/grade`: asks for the rewards of answers, by the grader of the trainer's job. Asked
/// again, it judges again.
public record GradeRequest(List<Sample> samples) {
  /// The most samples of one request: a model may be asked about each, and the caller waits.
  public static final int SAMPLES_MAX = 8;

  /// An answer.
  ///
  /// @param item the row that it answers
  public record Sample(JsonNode item, String outputText) {
    public Sample {
      Objects.requireNonNull(item, "item");
      Objects.requireNonNull(outputText, "output_text");
    }
  }

  public GradeRequest {
    samples = List.copyOf(samples);
    if (samples.isEmpty() || samples.size() > SAMPLES_MAX) {
      throw new IllegalArgumentException(
          "samples must hold 1 to " + SAMPLES_MAX + " entries, but holds " + samples.size());
    }
  }
}
