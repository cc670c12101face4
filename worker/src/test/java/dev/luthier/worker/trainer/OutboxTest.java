package dev.luthier.worker.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.wire.internal.EventRequest;
import dev.luthier.wire.internal.MetricsRequest;
import dev.luthier.wire.internal.StepMetrics;
import dev.luthier.worker.server.FencedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OutboxTest {
  private final CountDownLatch gate = new CountDownLatch(1);
  private final RecordingDelivery delivery = new RecordingDelivery();

  @Test
  void everythingArrivesInTheOrderInWhichItHappened() {
    gate.countDown();
    try (var outbox = new Outbox(delivery, 100, Duration.ZERO)) {
      outbox.event(new EventRequest(EventRequest.Level.WARN, "cut"));
      outbox.metrics(step(1));
      outbox.metrics(step(2));
      outbox.checkpoint(step(2), Path.of("checkpoint"));
      outbox.state(2, Path.of("state"));
      outbox.metrics(step(3));
      outbox.flush();
    }
    List<String> told =
        delivery.told.stream().flatMap(entry -> List.of(entry.split(",")).stream()).toList();
    assertEquals(List.of("event", "step 1", "step 2", "checkpoint 2", "state 2", "step 3"), told);
  }

  @Test
  void stepsThatWaitGoTogetherButNotPastAResumeState() throws InterruptedException {
    try (var outbox = new Outbox(delivery, 100, Duration.ZERO)) {
      outbox.event(new EventRequest(EventRequest.Level.INFO, "first"));
      assertTrue(delivery.entered.await(10, TimeUnit.SECONDS));
      outbox.metrics(step(1));
      outbox.metrics(step(2));
      outbox.state(2, Path.of("state"));
      outbox.metrics(step(3));
      gate.countDown();
      outbox.flush();
    }
    assertEquals(List.of("event", "step 1,step 2", "state 2", "step 3"), delivery.told);
  }

  @Test
  void stepsOfAWhileAreToldTogether() {
    gate.countDown();
    try (var outbox = new Outbox(delivery, 100, Duration.ofDays(1))) {
      outbox.metrics(step(1)); // the first is told at once
      delivery.awaitTold(1);
      outbox.metrics(step(2));
      outbox.metrics(step(3));
      outbox.state(3, Path.of("state")); // and what is no step waits for nothing
      delivery.awaitTold(3);
      outbox.metrics(step(4));
      outbox.flush();
    }
    assertEquals(List.of("step 1", "step 2,step 3", "state 3", "step 4"), delivery.told());
  }

  @Test
  void aResumeStateIsPendingUntilTheServerHasIt() throws InterruptedException {
    try (var outbox = new Outbox(delivery, 100, Duration.ZERO)) {
      assertFalse(outbox.isStatePending());
      outbox.state(1, Path.of("state"));
      assertTrue(delivery.entered.await(10, TimeUnit.SECONDS));
      assertTrue(outbox.isStatePending());
      gate.countDown();
      outbox.flush();
      assertFalse(outbox.isStatePending());
    }
  }

  @Test
  void aFullOutboxMakesTheTrainerWait() throws InterruptedException {
    try (var outbox = new Outbox(delivery, 2, Duration.ZERO)) {
      outbox.event(new EventRequest(EventRequest.Level.INFO, "first"));
      assertTrue(delivery.entered.await(10, TimeUnit.SECONDS));
      outbox.metrics(step(1));
      outbox.metrics(step(2));
      var third = new CountDownLatch(1);
      Thread.ofVirtual()
          .start(() -> {
            outbox.metrics(step(3));
            third.countDown();
          });
      assertFalse(third.await(100, TimeUnit.MILLISECONDS));
      gate.countDown();
      assertTrue(third.await(10, TimeUnit.SECONDS));
    }
  }

  @Test
  void afterARefusalNothingMoreIsTold() {
    gate.countDown();
    delivery.refusal = Optional.of(new FencedException("attempt 1 has ended"));
    try (var outbox = new Outbox(delivery, 100, Duration.ZERO)) {
      outbox.metrics(step(1));
      assertThrows(FencedException.class, outbox::flush);
      assertThrows(FencedException.class, () -> outbox.metrics(step(2)));
    }
    assertEquals(List.of(), delivery.told);
  }

  private static StepMetrics step(int step) {
    Optional<Double> none = Optional.empty();
    return new StepMetrics(
        step, 10, 1, 1.0, 0.5, none, none, none, none, Map.of(), 1e-4, 1.0, 10, 0.1);
  }

  /// Notes what it is told, once the gate is open.
  private final class RecordingDelivery implements Outbox.Delivery {
    private final List<String> told = new ArrayList<>();
    private final CountDownLatch entered = new CountDownLatch(1);
    private Optional<RuntimeException> refusal = Optional.empty();

    private void note(String what) throws InterruptedException {
      entered.countDown();
      gate.await();
      if (refusal.isPresent()) {
        throw refusal.get();
      }
      synchronized (told) {
        told.add(what);
        told.notifyAll();
      }
    }

    private List<String> told() {
      synchronized (told) {
        return List.copyOf(told);
      }
    }

    private void awaitTold(int parcels) {
      synchronized (told) {
        while (told.size() < parcels) {
          try {
            told.wait();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        }
      }
    }

    @Override
    public void event(EventRequest event) throws InterruptedException {
      note("event");
    }

    @Override
    public void metrics(MetricsRequest steps) throws InterruptedException {
      note(String.join(",", steps.steps().stream().map(each -> "step " + each.step()).toList()));
    }

    @Override
    public void checkpoint(StepMetrics metrics, Path folder) throws InterruptedException {
      note("checkpoint " + metrics.step());
    }

    @Override
    public void state(int step, Path file) throws InterruptedException {
      note("state " + step);
    }
  }
}
