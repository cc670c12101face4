package dev.luthier.app.serve;

import dev.luthier.platform.queue.Dispatcher;
import dev.luthier.platform.trainer.TrainerDesk;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The first step of a graceful stop: trainers write their resume state and leave, while the server
/// still listens to them; their jobs are queued again.
record Drain(Dispatcher dispatcher, TrainerDesk trainers) implements AutoCloseable {
  private static final Duration MOST = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

  @Override
  public void close() {
    dispatcher.drain();
    trainers.stopAll();
    long deadline = System.nanoTime() + MOST.toNanos();
    try {
      while (dispatcher.busy()) {
        if (System.nanoTime() > deadline) {
          LOG.warn("a trainer did not leave within {}; it goes on by itself", MOST);
          return;
        }
        Thread.sleep(LOOK_EVERY);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
