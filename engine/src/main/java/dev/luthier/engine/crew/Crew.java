package dev.luthier.engine.crew;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Threads that work off phases together: a phase is a number of independent tasks, and the next
/// begins when all of them are done.
///
/// The thread that calls is member 0 and works along; the others wait for the next phase, spinning
/// for some microseconds, then parked. Each member begins with a contiguous share of the tasks and
/// takes from the others' when its own are done, so a member that the system keeps from running
/// delays a phase by the task it is in, not by its share. Which member runs a task is therefore
/// chance: a task's result must not depend on it. One thread at a time may call.
public final class Crew implements AutoCloseable {
  /// A round of spinning is a pause instruction, some 40 ns: about 40 us in all.
  private static final int SPINS = 1000;

  /// Computes task `index` on thread `member` (0 to below the crew's size, for memory of its own).
  @FunctionalInterface
  public interface Task {
    void run(int member, int index);
  }

  private final Member[] others;
  private volatile @Nullable Phase current;
  private volatile boolean closed;

  /// A crew of `size` threads, the calling one counted; the others are daemons named after `name`.
  public Crew(String name, int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a crew of %d has nobody to work".formatted(size));
    }
    others = new Member[size - 1];
    for (int i = 0; i < others.length; i++) {
      others[i] = new Member(i + 1, name + "-" + (i + 1));
    }
    for (var member : others) {
      member.thread.start();
    }
  }

  public int size() {
    return others.length + 1;
  }

  /// Runs tasks 0 to below `count` and returns when all are done. If one throws, those not yet
  /// begun are left out and its exception comes out here, once no member is in a task any more.
  public void each(int count, Task task) {
    if (closed) {
      throw new IllegalStateException("the crew has gone home");
    }
    if (count == 0) {
      return;
    }
    var phase = new Phase(count, task, size());
    if (count > 1 && others.length > 0) {
      current = phase;
      for (int i = 0; i < Math.min(others.length, count - 1); i++) {
        others[i].wake();
      }
    }
    phase.work(0);
    phase.awaitEnd();
    phase.throwFailure();
  }

  /// Sends the members home; waits until they are gone.
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    for (var member : others) {
      LockSupport.unpark(member.thread);
      while (true) {
        try {
          member.thread.join();
          break;
        } catch (InterruptedException _) {
          interrupted = true; // Members leave at once; the wait is short.
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Member {
    private final int index;
    private final Thread thread;
    private volatile boolean parked;

    Member(int index, String name) {
      this.index = index;
      this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::live);
    }

    void wake() {
      if (parked) {
        LockSupport.unpark(thread);
      }
    }

    private void live() {
      Phase seen = null;
      while (!closed) {
        var phase = next(seen);
        if (phase != null) {
          phase.work(index);
        }
        seen = phase;
      }
    }

    /// The next phase; null when the crew goes home.
    private @Nullable Phase next(@Nullable Phase seen) {
      for (int spins = 0; spins < SPINS; spins++) {
        var phase = current;
        if (phase != seen) {
          return phase;
        }
        Thread.onSpinWait();
      }
      parked = true; // Before the look below, or a wake between look and sleep would be lost.
      var phase = current;
      while (phase == seen && !closed) {
        LockSupport.park(this);
        phase = current;
      }
      parked = false;
      return phase == seen ? null : phase;
    }
  }
}
