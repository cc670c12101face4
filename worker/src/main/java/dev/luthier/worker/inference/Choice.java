package dev.luthier.worker.inference;

import dev.luthier.engine.infer.EndReason;
import dev.luthier.engine.infer.GeneratedToken;
import dev.luthier.engine.infer.TokenSink;
import dev.luthier.wire.internal.GenerateEvent;
import dev.luthier.wire.internal.GenerateEvent.Alternative;
import dev.luthier.wire.internal.GenerateEvent.TokenLogprob;
import dev.luthier.wire.internal.GenerateRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One answer of a request: turns the generator's tokens into events, on the generator's thread.
final class Choice implements TokenSink {
  private static final Logger LOG = LoggerFactory.getLogger(Choice.class);

  /// What OpenAI shows for a token that cannot be; minus infinity has no JSON.
  private static final double LOGPROB_LEAST = -9999.0;

  private final int index;
  private final ServedModel model;
  private final boolean logprobs;
  private final ChoiceText text;
  private final Consumer<GenerateEvent> events;
  private volatile int tokens;
  private volatile int cachedTokens;

  Choice(int index, ServedModel model, GenerateRequest request, Consumer<GenerateEvent> events) {
    this.index = index;
    this.model = model;
    this.logprobs = request.logprobs();
    this.text = new ChoiceText(model.streamDecoder(), request.stop());
    this.events = events;
  }

  /// How many tokens were generated; complete once the choice has finished.
  int tokens() {
    return tokens;
  }

  /// How many tokens of the prompt need not be read; complete once the choice has finished.
  int cachedTokens() {
    return cachedTokens;
  }

  @Override
  public void prefilled(int promptTokens, int cachedTokens) {
    this.cachedTokens = cachedTokens;
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // Only the generator's thread writes.
  public boolean token(GeneratedToken token) {
    tokens++;
    ChoiceText.Piece piece =
        text.add(token.id(), logprobs ? Optional.of(logprob(token)) : Optional.empty());
    say(piece);
    return !piece.stopped();
  }

  @Override
  public void end(EndReason reason) {
    switch (reason) {
      case STOPPED -> events.accept(new GenerateEvent.Finished(index, "stop"));
      case STOP_TOKEN -> {
        say(text.end());
        events.accept(new GenerateEvent.Finished(index, "stop"));
      }
      case LENGTH -> {
        ChoiceText.Piece rest = text.end();
        say(rest);
        events.accept(new GenerateEvent.Finished(index, rest.stopped() ? "stop" : "length"));
      }
      case CANCELLED -> {} // Nobody listens any more.
    }
  }

  @Override
  public void failed(Throwable cause) {
    LOG.error("a generation failed; its request is told", cause);
    events.accept(RequestFailure.internal(cause));
  }

  private void say(ChoiceText.Piece piece) {
    if (!piece.isEmpty()) {
      events.accept(new GenerateEvent.Delta(index, piece.text(), piece.logprobs()));
    }
  }

  private TokenLogprob logprob(GeneratedToken token) {
    byte[] bytes = model.bytesOf(token.id());
    return new TokenLogprob(
        name(bytes),
        shown(token.logprob()),
        numbers(bytes),
        token.top().stream()
            .map(other -> {
              byte[] otherBytes = model.bytesOf(other.id());
              return new Alternative(name(otherBytes), shown(other.logprob()), numbers(otherBytes));
            })
            .toList());
  }

  private static String name(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static double shown(float logprob) {
    return Math.max(logprob, LOGPROB_LEAST);
  }

  private static List<Integer> numbers(byte[] bytes) {
    List<Integer> numbers = new ArrayList<>(bytes.length);
    for (byte each : bytes) {
      numbers.add(Byte.toUnsignedInt(each));
    }
    return numbers;
  }
}
