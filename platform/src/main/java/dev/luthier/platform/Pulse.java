package dev.luthier.platform;

import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A thread that calls what is to be stepped, again and again, until it is closed. One call's
/// failure is logged and does not keep the others from theirs.
public final class Pulse implements AutoCloseable {
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);
  private static final Logger log = LoggerFactory.getLogger(Pulse.class);

  private final Duration interval;
  private final List<Runnable> steps;
  private final Thread thread;

  /// Starts at once.
  public Pulse(String name, Duration interval, List<Runnable> steps) {
    this.interval = interval;
    this.steps = List.copyOf(steps);
    this.thread = Thread.ofPlatform().name(name).daemon(true).start(this::beat);
  }

  private void beat() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        steps.forEach(Pulse::safely);
        Thread.sleep(interval);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed: the thread ends here
    }
  }

  private static void safely(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      log.error("a step of {} failed; it is tried again", Thread.currentThread().getName(), e);
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
