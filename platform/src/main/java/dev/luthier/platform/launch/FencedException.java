package dev.luthier.platform.launch;

/// Someone speaks who has no say (any more): a second trade of a code, the token of an older
/// attempt, a job that has ended. The worker exits with 77; nothing it sent was kept.
public final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public FencedException(String message) {
    super(message);
  }
}
