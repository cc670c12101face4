package dev.luthier.wire.internal;

import java.util.Objects;

/// The body of every refusal under `/internal/v1`: `{"error": {"code": …, "message": …}}`.
public record ErrorAnswer(Refusal error) {
  /// The attempt of this token has been superseded or the job is final: leave.
  public static final String FENCED = "fenced";

  public ErrorAnswer {
    Objects.requireNonNull(error, "error");
  }

  public static ErrorAnswer of(String code, String message) {
    return new ErrorAnswer(new Refusal(code, message));
  }

  /// What was refused, for the log of the worker.
  public record Refusal(String code, String message) {
    public Refusal {
      Check.text("code", code);
      Objects.requireNonNull(message, "message");
    }
  }
}
