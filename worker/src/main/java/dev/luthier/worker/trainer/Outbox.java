package dev.luthier.worker.trainer;

import dev.luthier.wire.internal.EventRequest;
import dev.luthier.wire.internal.MetricsRequest;
import dev.luthier.wire.internal.StepMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Tells the server what happens in training, strictly in order, on a thread of its own, so that a
/// slow or absent server does not hold up a step.
///
/// The order is what makes a crash harmless: when the server has a resume state, it already has
/// every step, event and checkpoint from before it. A full outbox makes the trainer wait. Once a
/// parcel could not be delivered, every method throws the reason.
final class Outbox implements AutoCloseable {
  private final Delivery delivery;
  private final int parcelsMax;
  private final long gatherNanos;
  private final ArrayDeque<Parcel> parcels = new ArrayDeque<>();
  private final Thread sender;
  private Optional<RuntimeException> failure = Optional.empty();
  private boolean statePending;
  private long stepsTold;

  /// Delivers one kind of parcel each; returns when the server has accepted it.
  interface Delivery {
    void event(EventRequest event) throws InterruptedException;

    void metrics(MetricsRequest steps) throws InterruptedException;

    void checkpoint(StepMetrics metrics, Path folder) throws IOException, InterruptedException;

    void state(int step, Path file) throws IOException, InterruptedException;
  }

  /// Starts to deliver.
  ///
  /// @param gather the least time from one report of steps to the next, as long as nothing else is
  ///   to be told: each report takes a processor from the training
  Outbox(Delivery delivery, int parcelsMax, Duration gather) {
    this.delivery = delivery;
    this.parcelsMax = parcelsMax;
    this.gatherNanos = gather.toNanos();
    this.stepsTold = System.nanoTime() - gatherNanos;
    this.sender = Thread.ofVirtual().name("outbox").start(this::deliverAll);
  }

  void event(EventRequest event) {
    put(new Parcel.Event(event));
  }

  void metrics(StepMetrics step) {
    put(new Parcel.Metrics(step));
  }

  void checkpoint(StepMetrics metrics, Path folder) {
    put(new Parcel.Checkpoint(metrics, folder));
  }

  void state(int step, Path file) {
    synchronized (this) {
      statePending = true;
    }
    put(new Parcel.State(step, file));
  }

  /// Whether a resume state is still on its way: no newer one need be written before it arrived.
  synchronized boolean isStatePending() {
    return statePending;
  }

  /// Waits until the server has accepted all that was put before.
  void flush() {
    CountDownLatch reached = new CountDownLatch(1);
    put(new Parcel.Mark(reached));
    try {
      reached.await();
    } catch (InterruptedException e) {
      throw cancelled(e);
    }
    throwFailure();
  }

  private synchronized void put(Parcel parcel) {
    while (parcels.size() >= parcelsMax && failure.isEmpty()) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw cancelled(e);
      }
    }
    throwFailure();
    parcels.add(parcel);
    notifyAll();
  }

  private synchronized void throwFailure() {
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  private static CancellationException cancelled(InterruptedException cause) {
    Thread.currentThread().interrupt();
    var cancelled = new CancellationException("interrupted while telling the server");
    cancelled.initCause(cause);
    return cancelled;
  }

  private void deliverAll() {
    try {
      while (true) {
        deliver(next());
      }
    } catch (InterruptedException e) {
      fail(cancelled(e));
    } catch (IOException e) {
      fail(new java.io.UncheckedIOException(e));
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  private void deliver(List<Parcel> batch) throws IOException, InterruptedException {
    switch (batch.getFirst()) {
      case Parcel.Metrics _ ->
          delivery.metrics(
              new MetricsRequest(
                  batch.stream().map(parcel -> ((Parcel.Metrics) parcel).step()).toList()));
      case Parcel.Event(EventRequest event) -> delivery.event(event);
      case Parcel.Checkpoint(StepMetrics metrics, Path folder) ->
          delivery.checkpoint(metrics, folder);
      case Parcel.State(int step, Path file) -> {
        delivery.state(step, file);
        synchronized (this) {
          statePending = false;
        }
      }
      case Parcel.Mark(CountDownLatch reached) -> reached.countDown();
    }
  }

  /// The next parcel; steps that wait one behind the other go together.
  private synchronized List<Parcel> next() throws InterruptedException {
    while (parcels.isEmpty()) {
      wait();
    }
    gather();
    List<Parcel> batch = new ArrayList<>();
    batch.add(parcels.remove());
    while (batch.getFirst() instanceof Parcel.Metrics
        && parcels.peek() instanceof Parcel.Metrics
        && batch.size() < MetricsRequest.STEPS_MAX) {
      batch.add(parcels.remove());
    }
    if (batch.getFirst() instanceof Parcel.Metrics) {
      stepsTold = System.nanoTime();
    }
    notifyAll();
    return batch;
  }

  /// Waits while there are steps only, few, and the last report of steps was just now.
  private void gather() throws InterruptedException {
    long left = gatherNanos - (System.nanoTime() - stepsTold);
    while (left > 0
        && parcels.stream().allMatch(Parcel.Metrics.class::isInstance)
        && parcels.size() < Math.min(parcelsMax, MetricsRequest.STEPS_MAX)) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = gatherNanos - (System.nanoTime() - stepsTold);
    }
  }

  private synchronized void fail(RuntimeException cause) {
    failure = Optional.of(cause);
    for (Parcel parcel : parcels) {
      if (parcel instanceof Parcel.Mark(CountDownLatch reached)) {
        reached.countDown();
      }
    }
    parcels.clear();
    notifyAll();
  }

  /// Drops what has not been delivered.
  @Override
  public void close() {
    sender.interrupt();
  }
}
