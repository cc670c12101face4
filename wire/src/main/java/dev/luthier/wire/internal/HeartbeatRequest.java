package dev.luthier.wire.internal;

/// `POST job/heartbeat`: the trainer lives and has finished so many steps.
public record HeartbeatRequest(int step) {
  public HeartbeatRequest {
    Check.atLeast("step", step, 0);
  }
}
