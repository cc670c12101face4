package dev.luthier.wire.internal;

import java.util.Objects;

/// The answer to [EnrolRequest]: the bearer token of every later call; kept in memory only.
public record EnrolAnswer(String token, WorkerKind kind) {
  public EnrolAnswer {
    Check.text("token", token);
    Objects.requireNonNull(kind, "kind");
  }

  @Override
  public String toString() {
    return "EnrolAnswer[token=***, kind=" + kind + "]";
  }
}
