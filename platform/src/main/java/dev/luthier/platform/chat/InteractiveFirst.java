package dev.luthier.platform.chat;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Passes generations on, and lets what has time wait while somebody is being answered. Safe for
/// many threads.
public final class InteractiveFirst implements Inference {
  private final Inference next;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private int interactive;

  public InteractiveFirst(Inference next) {
    this.next = next;
  }

  @Override
  public void generate(GenerationCall call, GenerationSink sink) {
    if (CallOrigin.current() == CallOrigin.BATCH) {
      next.generate(call, sink);
      return;
    }
    count(1);
    try {
      next.generate(call, sink);
    } finally {
      count(-1);
    }
  }

  private void count(int more) {
    lock.lock();
    try {
      interactive += more;
      if (interactive == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Returns when nobody who waits is being answered, after `longest` in any case: a server that is
  /// always busy goes on with its batches too, slowly.
  public void awaitIdle(Duration longest) throws InterruptedException {
    long nanos = longest.toNanos();
    lock.lockInterruptibly();
    try {
      while (interactive > 0 && nanos > 0) {
        nanos = idle.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }
}
