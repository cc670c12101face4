package dev.luthier.platform;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that calls what is to be stepped, again and again, until it is closed. One call's
/// failure is logged and does not keep the others from theirs.
public final class Pulse implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(Pulse.class);

  private final Bell bell;
  private final Rhythm rhythm;
  private final List<BooleanSupplier> steps;
  private final Thread thread;

  /// How long a pulse sleeps when nobody rings. Each look costs a training beside it more than the
  /// look itself takes, because all of training waits for the thread whose processor it took.
  ///
  /// @param busy while a step has something under way
  /// @param idle while none has: for what comes by the clock
  public record Rhythm(Duration busy, Duration idle) {}

  /// Calls `steps` once in each interval. Starts at once.
  public Pulse(String name, Duration interval, List<Runnable> steps) {
    this(name, new Bell(), interval, steps);
  }

  /// Calls `steps` whenever the bell is rung, and once in each interval. Starts at once.
  public Pulse(String name, Bell bell, Duration interval, List<Runnable> steps) {
    this(
        name,
        bell,
        new Rhythm(interval, interval),
        steps.stream().map(Pulse::neverBusy).toArray(BooleanSupplier[]::new));
  }

  /// Calls `steps` whenever the bell is rung, and by the rhythm. Starts at once.
  ///
  /// @param steps each says whether it has something under way
  public Pulse(String name, Bell bell, Rhythm rhythm, BooleanSupplier... steps) {
    this.bell = bell;
    this.rhythm = rhythm;
    this.steps = List.of(steps);
    this.thread = Thread.ofPlatform().name(name).daemon(true).start(this::beat);
  }

  private static BooleanSupplier neverBusy(Runnable step) {
    return () -> {
      step.run();
      return false;
    };
  }

  private void beat() {
    try {
      long heard = 0;
      while (!Thread.currentThread().isInterrupted()) {
        boolean busy = false;
        for (BooleanSupplier step : steps) {
          busy |= safely(step);
        }
        heard = bell.await(heard, busy ? rhythm.busy() : rhythm.idle());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: the thread ends here
    }
  }

  private static boolean safely(BooleanSupplier step) {
    try {
      return step.getAsBoolean();
    } catch (RuntimeException e) {
      log.error("a step of {} failed; it is tried again", Thread.currentThread().getName(), e);
      return true;
    }
  }

  /// Ends the thread after the step it is in.
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(CLOSE_WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
