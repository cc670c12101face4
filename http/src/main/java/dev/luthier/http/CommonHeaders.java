package dev.luthier.http;

import dev.luthier.http.sse.EventStream;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.time.Clock;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// The headers of every answer: the request's id, the API's version, the time it took, and those
/// that let a page of another origin call the API.
final class CommonHeaders {

  private static final String STARTED = "luthier.startedMillis";

  private final Clock clock;
  private final RandomGenerator random;

  CommonHeaders(Clock clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  void addTo(RoutesConfig routes) {
    routes.before(this::begin);
    routes.after(this::addProcessingTime);
  }

  private void begin(Context context) {
    context.attribute(STARTED, clock.millis());
    // A stream tells how long its first event took.
    Runnable beforeFirst = () -> addProcessingTime(context);
    context.attribute(EventStream.BEFORE_FIRST, beforeFirst);
    context.header("x-request-id", requestId());
    context.header("openai-version", "2020-10-01");
    context.header("cache-control", "no-cache, must-revalidate");
    context.header("access-control-allow-origin", "*");
    context.header("access-control-expose-headers", "*");
    if (context.method().equals(HandlerType.OPTIONS)) {
      preflight(context);
    }
  }

  /// Allows every method and header: the key is the protection, and cookies are never sent.
  private static void preflight(Context context) {
    context.header("access-control-allow-methods", "GET, POST, DELETE, HEAD, OPTIONS");
    var wanted = context.header("access-control-request-headers");
    context.header(
        "access-control-allow-headers", wanted == null ? "Authorization, Content-Type" : wanted);
    context.header("access-control-max-age", "86400");
    context.status(204);
    context.skipRemainingHandlers();
  }

  private void addProcessingTime(Context context) {
    if (!context.res().isCommitted()) {
      context.header("openai-processing-ms", String.valueOf(millisSinceStart(context)));
    }
  }

  private long millisSinceStart(Context context) {
    Long started = context.attribute(STARTED);
    return started == null ? 0 : Math.max(0, clock.millis() - started);
  }

  private String requestId() {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    return "req_" + HexFormat.of().formatHex(bytes);
  }
}
