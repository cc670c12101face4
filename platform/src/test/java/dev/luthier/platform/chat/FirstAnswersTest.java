package dev.luthier.platform.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.ResolvedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FirstAnswersTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static ResolvedModel model(String name) {
    return new ResolvedModel.Base(new BaseModel(name, Instant.EPOCH, Path.of("nowhere")));
  }

  @Test
  void whoAwaitsAnAnswerHasItWhenTheyGoOn() {
    var answered = new CountDownLatch(1);
    var answers = new FirstAnswers(FirstAnswersTest::model, (_, _) -> answered.countDown(), LONG);
    answers.of("tiny").await();
    assertEquals(0, answered.getCount());
  }

  @Test
  void aModelThatTakesTooLongIsNotWaitedForAndGoesOn() throws InterruptedException {
    var gate = new CountDownLatch(1);
    var answered = new CountDownLatch(1);
    var answers =
        new FirstAnswers(
            FirstAnswersTest::model,
            (_, _) -> {
              awaitQuietly(gate);
              answered.countDown();
            },
            Duration.ofMillis(20));
    answers.of("tiny").await();
    assertEquals(1, answered.getCount(), "nobody waited for it");
    gate.countDown();
    assertTrue(answered.await(LONG.toSeconds(), TimeUnit.SECONDS), "it was not cut off either");
  }

  private static void awaitQuietly(CountDownLatch gate) {
    try {
      gate.await(LONG.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aNameThatNobodyHasKeepsNobody() {
    var answers =
        new FirstAnswers(
            ResolvedModel.Unknown::new,
            (_, _) -> {
              throw new AssertionError("asked all the same");
            },
            LONG);
    answers.of("ft:gone").await();
  }
}
