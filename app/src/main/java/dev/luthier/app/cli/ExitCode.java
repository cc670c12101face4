package dev.luthier.app.cli;

/// What a command's exit says; shown by `luthier --help`.
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int NO_SERVER = 3;

  private ExitCode() {}
}
