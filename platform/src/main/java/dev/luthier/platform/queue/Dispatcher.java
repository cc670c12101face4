package dev.luthier.platform.queue;

import java.time.Duration;

/// Moves jobs on. [#tick] does all that is due by the clock and is called by one thread at a time.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // Bodies follow.
public final class Dispatcher implements AutoCloseable {
  /// One round: validates, launches, notices the dead. Never throws for a single job's sake.
  public void tick() {}

  /// Starts the thread that ticks.
  public void start() {}

  /// Asks running trainers to write their resume state and stop, and waits for that; their jobs are
  /// queued again. Those that do not stop in time are ended.
  public void drain(Duration wait) {
    throw new UnsupportedOperationException(wait.toString());
  }

  /// Stops ticking; trainers go on.
  @Override
  public void close() {}
}
