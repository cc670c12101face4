package dev.luthier.worker.inference;

import dev.luthier.engine.infer.EndReason;
import dev.luthier.engine.infer.GeneratedToken;
import dev.luthier.engine.infer.TokenSink;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Takes the time of streams that answer together: of the first token, and of all tokens between
/// the moment at which every stream has begun and that at which each has said as many more as
/// asked.
///
/// The generator calls all sinks on one thread; whoever waits reads afterwards.
final class StreamWatch {
  private static final double SECOND_NANOS = 1e9;

  private final int streams;
  private final int more;
  private final int[] said;
  private final long started = System.nanoTime();
  private final CompletableFuture<Boolean> over = new CompletableFuture<>();
  private long prefilledNanos;
  private long firstTokenNanos;
  private int begun;
  private int satisfied;
  private long windowStart;
  private long windowEnd;
  private long tokens;

  /// Begins to take the time.
  ///
  /// @param more tokens that each stream says after all have begun
  StreamWatch(int streams, int more) {
    this.streams = streams;
    this.more = more;
    this.said = new int[streams];
  }

  TokenSink sink(int stream) {
    return new Sink(stream);
  }

  /// Until every stream has said enough.
  ///
  /// @throws IllegalStateException if one failed or ended before
  void await() throws InterruptedException {
    try {
      over.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a generation failed: " + e.getMessage(), e);
    }
  }

  /// From the request to the end of the prompt, of the stream that was there first.
  long prefilledNanos() {
    return prefilledNanos;
  }

  long firstTokenNanos() {
    return firstTokenNanos;
  }

  /// Of all streams together.
  double tokensPerSecond() {
    return tokens / ((windowEnd - windowStart) / SECOND_NANOS);
  }

  private final class Sink implements TokenSink {
    private final int stream;
    private boolean hasBegun;

    Sink(int stream) {
      this.stream = stream;
    }

    @Override
    public void prefilled(int promptTokens, int cachedTokens) {
      if (prefilledNanos == 0) {
        prefilledNanos = System.nanoTime() - started;
      }
    }

    @Override
    public boolean token(GeneratedToken token) {
      long now = System.nanoTime();
      if (begun == streams) {
        tokens++;
        windowEnd = now;
        said[stream]++;
        count();
      } else if (!hasBegun) {
        begin(now);
      }
      return !over.isDone();
    }

    private void begin(long now) {
      hasBegun = true;
      begun++;
      if (begun == 1) {
        firstTokenNanos = now - started;
      }
      if (begun == streams) {
        windowStart = now;
        windowEnd = now;
        if (more == 0) {
          over.complete(true);
        }
      }
    }

    private void count() {
      if (said[stream] == more) {
        satisfied++;
      }
      if (satisfied == streams) {
        over.complete(true);
      }
    }

    @Override
    public void end(EndReason reason) {
      over.completeExceptionally(
          new IllegalStateException(
              "stream %d ended (%s) before all %d had said enough; fewer --tokens need less room"
                  .formatted(stream + 1, reason, streams)));
    }

    @Override
    public void failed(Throwable cause) {
      over.completeExceptionally(cause);
    }
  }
}
