package dev.luthier.http.sse;

import dev.luthier.http.ErrorMapper;
import dev.luthier.platform.errors.ApiException;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Serves answers as streams: keeps a silent connection alive, tells an error in the middle of a
/// stream, and cancels the work of a client that has gone.
public final class Streaming {

  private static final Logger LOG = LoggerFactory.getLogger(Streaming.class);

  /// What writes a stream, and how an error is told once the stream is open and its status spoken
  /// for. Both run on the thread that serves the request.
  public record Work(Runnable write, Consumer<ApiException> tellFailure) {}

  private final Duration silenceMax;

  /// @param silenceMax after so long without an event a comment is sent
  public Streaming(Duration silenceMax) {
    if (!silenceMax.isPositive()) {
      throw new IllegalArgumentException("silenceMax " + silenceMax + " is not above 0");
    }
    this.silenceMax = silenceMax;
  }

  /// Lets the work write the stream and returns when it is through. When the client goes, the
  /// thread is interrupted or the next write throws; both end the work.
  ///
  /// What it throws before anything was sent is thrown on: an ordinary refusal.
  public void serve(Context context, Function<EventStream, Work> job) {
    var stream = new EventStream(context);
    var work = job.apply(stream);
    var worker = Thread.currentThread();
    var keeper = Thread.ofVirtual().name("sse-keep-alive").start(() -> keepAlive(stream, worker));
    try {
      work.write().run();
    } catch (RuntimeException failed) {
      if (!stream.gone()) {
        tell(context, stream, failed, work);
      }
    } finally {
      stream.end();
      join(keeper);
    }
    if (stream.gone()) {
      // The interrupt was meant for the work, not for the server's thread.
      Thread.interrupted();
      LOG.debug("{}: the client has gone, its answer is cancelled", context.path());
    }
  }

  private static void tell(
      Context context, EventStream stream, RuntimeException failed, Work work) {
    if (!stream.opened()) {
      throw failed;
    }
    var refused =
        failed instanceof ApiException told ? told : ErrorMapper.internal(failed, context);
    try {
      work.tellFailure().accept(refused);
    } catch (ClientGoneException _) {
      LOG.debug("{}: the client has gone before it could be told of the error", context.path());
    }
  }

  private void keepAlive(EventStream stream, Thread worker) {
    try {
      stream.keepAlive(silenceMax);
    } catch (ClientGoneException _) {
      worker.interrupt();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void join(Thread keeper) {
    boolean interrupted = Thread.interrupted();
    while (true) {
      try {
        keeper.join();
        break;
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
