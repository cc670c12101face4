package dev.luthier.app.serve;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was made, closed once and in reverse; one failure does not keep the rest open.
final class Closing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private final Deque<AutoCloseable> made = new ArrayDeque<>();

  synchronized <T extends AutoCloseable> T add(T resource) {
    made.push(resource);
    return resource;
  }

  @Override
  public synchronized void close() {
    while (!made.isEmpty()) {
      AutoCloseable next = made.pop();
      try {
        next.close();
      } catch (Exception failure) {
        LOG.error("{} did not close well", next.getClass().getSimpleName(), failure);
      }
    }
  }
}
