package dev.luthier.platform.launch;

import java.net.URI;

/// What a worker is started with: where the server is, who it is, and the single-use code by which
/// it proves that. Nothing else is told at the start; the rest comes from the server.
public record LaunchSpec(LaunchId id, WorkerKind kind, URI server, String enrolmentCode) {
  @Override
  public String toString() {
    return "LaunchSpec[%s, %s, %s, code hidden]".formatted(id, kind, server);
  }
}
