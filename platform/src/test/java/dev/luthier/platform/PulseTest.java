package dev.luthier.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PulseTest {
  private static final Duration NEVER = Duration.ofDays(1);

  private final Bell bell = new Bell();
  private final Semaphore calls = new Semaphore(0);

  @Test
  void aRingWakesAPulseThatSleeps() throws InterruptedException {
    try (var _ = new Pulse("test", bell, NEVER, List.of(calls::release))) {
      assertTrue(called(), "at the start");
      bell.ring();
      assertTrue(called(), "at the ring");
      assertEquals(0, calls.availablePermits());
    }
  }

  @Test
  void aRingWhileItWorksIsNotLost() throws InterruptedException {
    var first = new AtomicBoolean(true);
    Runnable step =
        () -> {
          calls.release();
          if (first.getAndSet(false)) {
            bell.ring();
          }
        };
    try (var _ = new Pulse("test", bell, NEVER, List.of(step))) {
      assertTrue(called());
      assertTrue(called());
    }
  }

  @Test
  void allWhoListenHearARing() throws InterruptedException {
    try (var _ = new Pulse("one", bell, NEVER, List.of(calls::release));
        var _ = new Pulse("other", bell, NEVER, List.of(calls::release))) {
      assertTrue(calls.tryAcquire(2, 10, TimeUnit.SECONDS));
      bell.ring();
      assertTrue(calls.tryAcquire(2, 10, TimeUnit.SECONDS));
    }
  }

  @Test
  void whoHasSomethingUnderWayIsCalledSoon() throws InterruptedException {
    var rhythm = new Pulse.Rhythm(Duration.ofMillis(1), NEVER);
    var busy = new AtomicBoolean(true);
    try (var _ = new Pulse("test", bell, rhythm, () -> next(busy.get()))) {
      assertTrue(calls.tryAcquire(5, 10, TimeUnit.SECONDS));
      busy.set(false);
    }
  }

  @Test
  void afterAFailureItIsTriedAgainSoon() throws InterruptedException {
    var rhythm = new Pulse.Rhythm(Duration.ofMillis(1), NEVER);
    var first = new AtomicBoolean(true);
    try (var _ = new Pulse("test", bell, rhythm, () -> failing(first.getAndSet(false)))) {
      assertTrue(called());
      assertTrue(called());
    }
  }

  private boolean next(boolean busy) {
    calls.release();
    return busy;
  }

  private boolean failing(boolean now) {
    calls.release();
    if (now) {
      throw new IllegalStateException("played");
    }
    return false;
  }

  private boolean called() throws InterruptedException {
    return calls.tryAcquire(10, TimeUnit.SECONDS);
  }
}
