package dev.luthier.platform.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.ResolvedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class InteractiveFirstTest {
  private static final GenerationCall CALL =
      new GenerationCall(
          new ResolvedModel.Base(new BaseModel("b", Instant.EPOCH, Path.of("b"))),
          new GenerationRequest(
              new Prompt.Text("Hi"),
              1,
              OptionalInt.of(1),
              List.of(),
              Sampling.DEFAULT,
              OptionalInt.empty(),
              false,
              Optional.empty()));

  @Test
  void whatHasTimeWaitsUntilNobodyIsAnswered() throws Exception {
    var begun = new CountDownLatch(1);
    var end = new CountDownLatch(1);
    var order = Collections.synchronizedList(new ArrayList<String>());
    var first =
        new InteractiveFirst((_, _) -> {
          begun.countDown();
          try {
            assertTrue(end.await(10, TimeUnit.SECONDS));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          order.add("answered");
        });
    var asker = Thread.ofVirtual().start(() -> first.generate(CALL, new Unread()));
    assertTrue(begun.await(10, TimeUnit.SECONDS));
    long start = System.nanoTime();
    first.awaitIdle(Duration.ofMillis(30));
    assertTrue(System.nanoTime() - start >= 30_000_000, "it did not wait");
    var waiter =
        Thread.ofVirtual()
            .start(() -> {
              try {
                first.awaitIdle(Duration.ofSeconds(10));
                order.add("let go");
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    end.countDown();
    assertTrue(asker.join(Duration.ofSeconds(10)) && waiter.join(Duration.ofSeconds(10)));
    assertEquals(List.of("answered", "let go"), order);
  }

  @Test
  void batchesDoNotWaitForThemselves() {
    var seen = new ArrayList<CallOrigin>();
    var holder = new AtomicReference<Optional<InteractiveFirst>>(Optional.empty());
    var first =
        new InteractiveFirst((_, _) -> {
          seen.add(CallOrigin.current());
          long start = System.nanoTime();
          try {
            holder.get().orElseThrow().awaitIdle(Duration.ofSeconds(60));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          assertTrue(System.nanoTime() - start < 30_000_000_000L, "it waited for itself");
        });
    holder.set(Optional.of(first));
    CallOrigin.BATCH.run(() -> first.generate(CALL, new Unread()));
    assertEquals(List.of(CallOrigin.BATCH), seen);
    assertEquals(CallOrigin.INTERACTIVE, CallOrigin.current());
  }

  private record Unread() implements GenerationSink {
    @Override
    public void started(int promptTokens) {}

    @Override
    public void delta(int index, String text, List<TokenLogprob> logprobs) {}

    @Override
    public void finished(int index, FinishReason reason) {}

    @Override
    public void usage(Usage usage) {}
  }
}
