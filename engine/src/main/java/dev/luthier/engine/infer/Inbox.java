package dev.luthier.engine.infer;

import dev.luthier.engine.infer.GenerationRefusedException.Reason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What other threads hand to the generator's thread: requests in order, adapters to forget, the
/// wish to end.
final class Inbox {
  private final int requestsMax;
  private final Deque<Sequence> requests = new ArrayDeque<>();
  private final Set<String> unloads = new HashSet<>();
  private boolean closed;

  Inbox(int requestsMax) {
    this.requestsMax = requestsMax;
  }

  synchronized void submit(List<Sequence> sequences) {
    if (closed) {
      throw new GenerationRefusedException(Reason.CLOSED, "the generator is closed");
    }
    if (requests.size() + sequences.size() > requestsMax) {
      throw new GenerationRefusedException(
          Reason.QUEUE_FULL,
          "%d requests wait already, the limit is %d; try again later"
              .formatted(requests.size(), requestsMax));
    }
    requests.addAll(sequences);
    notifyAll();
  }

  synchronized void unload(String adapterName) {
    unloads.add(adapterName);
    notifyAll();
  }

  /// Waits for anything to do.
  synchronized void await() throws InterruptedException {
    while (requests.isEmpty() && unloads.isEmpty() && !closed) {
      wait();
    }
  }

  synchronized Optional<Sequence> first() {
    return Optional.ofNullable(requests.peek());
  }

  synchronized void removeFirst() {
    requests.remove();
  }

  synchronized List<Sequence> takeCancelled() {
    List<Sequence> cancelled = requests.stream().filter(Sequence::isCancelled).toList();
    requests.removeAll(cancelled);
    return cancelled;
  }

  synchronized Set<String> takeUnloads() {
    Set<String> taken = Set.copyOf(unloads);
    unloads.clear();
    return taken;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized List<Sequence> takeAll() {
    List<Sequence> all = new ArrayList<>(requests);
    requests.clear();
    return all;
  }
}
