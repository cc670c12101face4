package dev.luthier.engine.crew;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A number of tasks and how far they are. Made anew for each phase: a member that comes late looks
/// at a phase that has nothing left, never at the next one half set up.
final class Phase {
  private static final int SPINS = 2000;

  /// Members' counters stand two cache lines apart.
  private static final int SPACING = 32;

  private final int count;
  private final int members;
  private final Crew.Task task;
  private final AtomicIntegerArray next;
  private final AtomicInteger done = new AtomicInteger();
  private final Thread caller = Thread.currentThread();
  private volatile boolean callerParked;
  private volatile @Nullable Throwable failure;

  Phase(int count, Crew.Task task, int members) {
    this.count = count;
    this.task = task;
    this.members = members;
    this.next = new AtomicIntegerArray(members * SPACING);
    for (int i = 0; i < members; i++) {
      next.setPlain(i * SPACING, start(i));
    }
  }

  private int start(int member) {
    return (int) ((long) count * member / members);
  }

  /// Runs a member's own share, then what is left of the others'.
  void work(int member) {
    int finished = 0;
    for (int i = 0; i < members; i++) {
      int share = (member + i) % members;
      int end = start(share + 1);
      while (next.getPlain(share * SPACING) < end) {
        int index = next.getAndIncrement(share * SPACING);
        if (index >= end) {
          break;
        }
        run(member, index);
        finished++;
      }
    }
    if (finished > 0 && done.addAndGet(finished) == count && callerParked) {
      LockSupport.unpark(caller);
    }
  }

  private void run(int member, int index) {
    if (failure != null) {
      return;
    }
    try {
      task.run(member, index);
    } catch (Throwable e) {
      failure = e;
    }
  }

  /// Waits for the tasks that other members are in. Called by the one who made the phase.
  void awaitEnd() {
    for (int spins = 0; spins < SPINS; spins++) {
      if (done.get() == count) {
        return;
      }
      Thread.onSpinWait();
    }
    boolean interrupted = false;
    callerParked = true;
    while (done.get() != count) {
      LockSupport.park(this);
      interrupted |= Thread.interrupted(); // Or park would return at once, again and again.
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  void throwFailure() {
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new IllegalStateException("a task failed", e);
    }
  }
}
