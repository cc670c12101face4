package dev.luthier.platform.chat;

/// For whom text is generated on the current thread.
public enum CallOrigin {
  /// For somebody who waits.
  INTERACTIVE,
  /// For a batch, which has time.
  BATCH;

  /// The header of a request that the server sends itself for a batch.
  public static final String BATCH_HEADER = "x-luthier-batch";

  private static final ScopedValue<CallOrigin> CURRENT = ScopedValue.newInstance();

  /// That of the current thread.
  public static CallOrigin current() {
    return CURRENT.orElse(INTERACTIVE);
  }

  /// Runs `work`, on this thread, for this origin.
  public <X extends Throwable> void run(Work<X> work) throws X {
    ScopedValue.where(CURRENT, this)
        .call(() -> {
          work.run();
          return true;
        });
  }

  /// Something that may fail.
  @FunctionalInterface
  public interface Work<X extends Throwable> {
    void run() throws X;
  }
}
