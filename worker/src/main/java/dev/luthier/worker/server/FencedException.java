package dev.luthier.worker.server;

/// The server no longer takes anything from this process: another attempt has the job, or the job
/// is final. The process leaves.
public final class FencedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public FencedException(String message) {
    super(message);
  }
}
