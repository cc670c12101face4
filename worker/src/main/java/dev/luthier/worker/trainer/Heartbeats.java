package dev.luthier.worker.trainer;

import dev.luthier.wire.internal.HeartbeatAnswer;
import dev.luthier.wire.internal.HeartbeatRequest;
import dev.luthier.worker.server.FencedException;
import dev.luthier.worker.server.Patience;
import dev.luthier.worker.server.RefusedException;
import dev.luthier.worker.server.ServerAwayException;
import dev.luthier.worker.server.ServerClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Renews the lease from a thread of its own, so that a long step does not look like a dead
/// trainer, and passes the server's directives on.
final class Heartbeats implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeats.class);

  private final ServerClient once;
  private final Signals signals;
  private final Duration every;
  private final Duration patience;
  private final AtomicInteger step = new AtomicInteger();
  private final Thread thread;

  Heartbeats(ServerClient server, Signals signals, Duration every, Duration patience) {
    this.once = server.with(new Patience(every, every, Duration.ZERO));
    this.signals = signals;
    this.every = every;
    this.patience = patience;
    this.thread = Thread.ofVirtual().name("heartbeats").start(this::beat);
  }

  /// Notes the last step done.
  void done(int completedStep) {
    step.set(completedStep);
  }

  private void beat() {
    long lastHeard = System.nanoTime();
    try {
      while (true) {
        try {
          tell();
          lastHeard = System.nanoTime();
        } catch (ServerAwayException e) {
          Duration silent = Duration.ofNanos(System.nanoTime() - lastHeard);
          if (silent.compareTo(patience) > 0) {
            signals.orphaned(e);
            return;
          }
          LOG.warn("no answer from the server for {} s; training goes on", silent.toSeconds());
        } catch (RefusedException e) {
          LOG.warn("a heartbeat was refused; training goes on: {}", e.getMessage());
        }
        Thread.sleep(every);
      }
    } catch (FencedException e) {
      LOG.warn("leaving before the next step: {}", e.getMessage());
      signals.fenced(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Closed.
    }
  }

  private void tell() throws InterruptedException {
    var request = new HeartbeatRequest(step.get());
    var answer = once.post("job/heartbeat", request, HeartbeatAnswer.class);
    switch (answer.directive()) {
      case CONTINUE -> {}
      case STOP -> signals.stop("the server asks for it");
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
