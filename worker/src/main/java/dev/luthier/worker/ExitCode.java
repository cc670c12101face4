package dev.luthier.worker;

/// What a worker process tells its launcher by its exit code; every other code is a crash.
public enum ExitCode {
  /// The server has accepted the final report.
  ACCEPTED(0),
  /// The process failed in a way that no report could carry.
  CRASHED(1),
  /// What the process was told to do is not understood; trying again is useless.
  SPEC_REFUSED(64),
  /// The server or this machine failed for now; the same launch may succeed later.
  TRY_AGAIN(75),
  /// The server has given the work to another process or called it off.
  FENCED(77);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
