package dev.luthier.http.api;

import dev.luthier.wire.api.ResponseEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The events of one response that is made in the background, for all who follow it. Safe for many
/// threads.
final class FollowedResponse {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition grown = lock.newCondition();
  private final List<ResponseEvent> events = new ArrayList<>();
  private boolean ended;

  void add(ResponseEvent event) {
    lock.lock();
    try {
      events.add(event);
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// No event follows.
  void end() {
    lock.lock();
    try {
      ended = true;
      grown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The event of a number, which is awaited; empty when the response ends without it. Whoever
  /// makes the response ends it whatever happens, so nobody waits for ever.
  Optional<ResponseEvent> event(int number) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (events.size() <= number && !ended) {
        grown.await();
      }
      return number < events.size() ? Optional.of(events.get(number)) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }
}
