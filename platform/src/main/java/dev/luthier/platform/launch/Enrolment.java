package dev.luthier.platform.launch;

/// What a worker gets for its code: the token for everything else it says.
public record Enrolment(String token, WorkerKind kind) {
  @Override
  public String toString() {
    return "Enrolment[" + kind + ", token hidden]";
  }
}
