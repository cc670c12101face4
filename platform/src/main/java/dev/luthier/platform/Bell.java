package dev.luthier.platform;

import java.time.Duration;

/// Wakes those who sleep until there is something to do. Whoever has made work rings once others
/// can see it. A ring is never lost: who did not listen hears it as soon as they do. Safe for many
/// threads.
public final class Bell {
  private long rings;

  public synchronized void ring() {
    rings++;
    notifyAll();
  }

  /// Returns at the first ring after the `heard` ones, or after `most`.
  ///
  /// @return how many rings there were so far, to be given at the next call
  synchronized long await(long heard, Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    for (long left = most.toNanos(); rings == heard && left > 0; left = end - System.nanoTime()) {
      wait(Math.max(1, left / 1_000_000));
    }
    return rings;
  }
}
