package dev.luthier.wire.internal;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;
import java.util.Optional;

/// `POST job/finish`: the trainer's last word, accepted once an attempt.
///
/// @param trainedTokens tokens of the training set times the epochs done
/// @param finalStep the last step whose result is stored
/// @param error given exactly when the outcome is `failed`
public record FinishRequest(
    Outcome outcome, long trainedTokens, int finalStep, Optional<Failure> error) {
  public FinishRequest {
    Objects.requireNonNull(outcome, "outcome");
    Check.atLeast("trained_tokens", trainedTokens, 0);
    Check.atLeast("final_step", finalStep, 0);
    Objects.requireNonNull(error, "error");
    if (error.isPresent() != (outcome == Outcome.FAILED)) {
      throw new IllegalArgumentException(
          "error belongs to the outcome failed and to no other, but the outcome is "
              + outcome
              + (error.isPresent() ? " with an error" : " without one"));
    }
  }

  /// How an attempt ended.
  public enum Outcome {
    @JsonProperty("succeeded")
    SUCCEEDED,
    @JsonProperty("failed")
    FAILED,
    @JsonProperty("stopped")
    STOPPED
  }

  /// Why a job failed, in the words that the user reads.
  public record Failure(String code, String message, Optional<String> param) {
    public Failure {
      Check.text("code", code);
      Check.text("message", message);
      Objects.requireNonNull(param, "param");
    }
  }
}
