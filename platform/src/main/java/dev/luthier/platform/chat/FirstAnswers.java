package dev.luthier.platform.chat;

import dev.luthier.platform.models.ResolvedModel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.JsonNodeFactory;

/// Has fine-tunes say their first words before anybody is told of them. Nobody reads those; but the
/// adapter is read and its kernels are compiled when the first user asks. Safe for many threads.
public final class FirstAnswers {
  /// One token from the pass that reads the prompt, one from a pass like all later ones.
  private static final int TOKENS = 2;

  private static final Sampling LIKELIEST =
      new Sampling(0, 1, 0, 0, Map.of(), OptionalLong.empty());
  private static final Logger log = LoggerFactory.getLogger(FirstAnswers.class);

  private final Function<String, ResolvedModel> models;
  private final Inference inference;
  private final Duration within;

  /// An answer on its way.
  @FunctionalInterface
  public interface Coming {
    /// Returns when the model has answered or cannot answer, and after the time that a first answer
    /// may take at the latest; never throws.
    void await();
  }

  /// Asks models by their names.
  ///
  /// @param within how long anybody waits for an answer; one that takes longer goes on unwatched
  public FirstAnswers(
      Function<String, ResolvedModel> models, Inference inference, Duration within) {
    this.models = models;
    this.inference = inference;
    this.within = within;
  }

  /// Begins, on a thread of its own.
  public Coming of(String modelName) {
    long start = System.nanoTime();
    var answer = new FutureTask<>(() -> answer(modelName), null);
    Thread.ofVirtual().name("first-answer").start(answer);
    return () -> await(modelName, answer, start);
  }

  private void answer(String modelName) {
    switch (models.apply(modelName)) {
      case ResolvedModel.Callable model ->
          inference.generate(new GenerationCall(model, greeting()), new Unread());
      case ResolvedModel.Unknown _ ->
          throw new IllegalStateException(modelName + " cannot be called");
    }
  }

  private static GenerationRequest greeting() {
    var messages = JsonNodeFactory.instance.arrayNode();
    messages.addObject().put("role", "user").put("content", "Hello");
    return new GenerationRequest(
        new Prompt.Messages(messages, Optional.empty()),
        1,
        OptionalInt.of(TOKENS),
        List.of(),
        LIKELIEST,
        OptionalInt.empty(),
        false);
  }

  private void await(String modelName, FutureTask<?> answer, long start) {
    try {
      answer.get(within.toMillis(), TimeUnit.MILLISECONDS);
      log.info("{} answers after {} ms", modelName, (System.nanoTime() - start) / 1_000_000);
    } catch (TimeoutException e) {
      log.info("{} has not answered within {}; it is not waited for", modelName, within);
    } catch (ExecutionException e) {
      // A model that cannot answer now is a result all the same; who asks it is told why.
      log.warn("{} does not answer yet", modelName, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
