package dev.luthier.worker.inference;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.luthier.engine.infer.EndReason;
import dev.luthier.engine.infer.GeneratedToken;
import dev.luthier.engine.infer.Generation;
import dev.luthier.engine.infer.GenerationRequest;
import dev.luthier.engine.infer.TokenConstraint;
import dev.luthier.engine.infer.TokenLogprob;
import dev.luthier.engine.infer.TokenSink;
import dev.luthier.text.grammar.AnswerForm;
import dev.luthier.text.tokenizer.StreamDecoder;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import tools.jackson.databind.JsonNode;

/// A model whose tokens are ASCII characters and whose answer is set.
final class ScriptedModel implements ServedModel {
  static final int CONTEXT = 64;

  /// Tokens of every prompt that are said to be known.
  static final int CACHED = 1;

  final CountDownLatch cancelled = new CountDownLatch(1);
  final List<Long> seeds = new CopyOnWriteArrayList<>();
  volatile String answer = "";

  /// Says nothing after the answer until it is cancelled.
  volatile boolean silent;

  volatile Optional<RuntimeException> failure = Optional.empty();
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  @Override
  public int contextLength() {
    return CONTEXT;
  }

  @Override
  public Set<Integer> endTokens() {
    return Set.of(0);
  }

  @Override
  public int[] encodeMessages(JsonNode messages, Optional<JsonNode> tools) {
    return encodeText(messages.get(0).asString());
  }

  @Override
  public int[] encodeText(String text) {
    return text.chars().toArray();
  }

  @Override
  public String decode(int[] ids) {
    return new String(ids, 0, ids.length);
  }

  @Override
  public StreamDecoder streamDecoder() {
    return new StreamDecoder() {
      @Override
      public String next(int id) {
        return Character.toString(id);
      }

      @Override
      public String end() {
        return "";
      }
    };
  }

  @Override
  public byte[] bytesOf(int id) {
    return Character.toString(id).getBytes(UTF_8);
  }

  @Override
  public TokenConstraint constraint(AnswerForm form) {
    throw new UnsupportedOperationException("the answer is set");
  }

  @Override
  public Generation submit(GenerationRequest request, TokenSink sink) {
    seeds.add(request.sampling().seed());
    var cancel = new AtomicBoolean();
    thread.execute(() -> generate(request, sink, cancel));
    return () -> {
      cancel.set(true);
      cancelled.countDown();
    };
  }

  private void generate(GenerationRequest request, TokenSink sink, AtomicBoolean cancel) {
    sink.prefilled(request.prompt().length, CACHED);
    for (int i = 0; i < answer.length(); i++) {
      if (i == request.maxTokens()) {
        sink.end(EndReason.LENGTH);
        return;
      }
      int id = answer.charAt(i);
      var other = new TokenLogprob(id + 1, Float.NEGATIVE_INFINITY);
      if (!sink.token(new GeneratedToken(id, -0.5f, List.of(other)))) {
        sink.end(EndReason.STOPPED);
        return;
      }
    }
    while (silent && !cancel.get()) {
      Thread.onSpinWait();
    }
    failure.ifPresentOrElse(sink::failed, () -> sink.end(EndReason.STOP_TOKEN));
  }

  @Override
  public void close() {
    cancelled.countDown();
    thread.shutdownNow();
  }
}
