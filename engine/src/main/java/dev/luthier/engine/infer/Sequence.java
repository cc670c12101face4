package dev.luthier.engine.infer;

import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request on its way: how much of it is read, what was generated, and the road to its sink.
/// All but [#cancel] is for the generator's thread.
final class Sequence implements Generation {
  private static final Logger LOG = LoggerFactory.getLogger(Sequence.class);

  private final GenerationRequest request;
  private final TokenSink sink;
  private final Map<Integer, Integer> counts = new HashMap<>();
  private int generated;
  private int lastToken;
  private boolean ended;
  private volatile boolean cancelled;

  Sequence(GenerationRequest request, TokenSink sink) {
    this.request = request;
    this.sink = sink;
  }

  @Override
  public void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  boolean hasEnded() {
    return ended;
  }

  GenerationRequest request() {
    return request;
  }

  /// How many tokens were generated; also the counter of the next random draw.
  int generated() {
    return generated;
  }

  /// How often each token was generated.
  Map<Integer, Integer> counts() {
    return counts;
  }

  /// The token at a place of prompt and answer, of which only the last generated one is ever asked
  /// for.
  int tokenAt(int position) {
    int[] prompt = request.prompt();
    return position < prompt.length ? prompt[position] : lastToken;
  }

  /// Tokens of prompt and answer so far.
  int length() {
    return request.prompt().length + generated;
  }

  void prefilled(int cachedTokens) {
    guarded(() -> sink.prefilled(request.prompt().length, cachedTokens));
  }

  /// Takes a sampled token: hands it out, or ends.
  void accept(GeneratedToken token) {
    if (request.endTokens().contains(token.id())) {
      end(EndReason.STOP_TOKEN);
      return;
    }
    generated++;
    lastToken = token.id();
    counts.merge(token.id(), 1, Integer::sum);
    guarded(() -> {
      request.constraint().ifPresent(constraint -> constraint.accept(token.id()));
      if (!sink.token(token)) {
        end(EndReason.STOPPED);
      }
    });
    if (generated == request.maxTokens()) {
      end(EndReason.LENGTH);
    }
  }

  void end(EndReason reason) {
    if (!ended) {
      ended = true;
      try {
        sink.end(reason);
      } catch (RuntimeException e) {
        LOG.warn("a sink failed while it heard that its generation ended; nobody is told", e);
      }
    }
  }

  void fail(Throwable cause) {
    if (!ended) {
      ended = true;
      try {
        sink.failed(cause);
      } catch (RuntimeException e) {
        LOG.warn("a sink failed while it heard of a failure; nobody is told", e);
      }
    }
  }

  /// A sink or a constraint that throws ends its own generation and no other.
  void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      fail(e);
    }
  }
}
