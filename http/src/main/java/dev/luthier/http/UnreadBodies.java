package dev.luthier.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads to its end, within limits, what a handler left of a request's body before the answer goes
/// out: most clients listen only when they have sent all, and one whose connection is closed while
/// it sends sees a broken connection in place of the refusal.
final class UnreadBodies {

  static final long BYTES_MAX = 1L << 30;
  private static final Duration TIME_MAX = Duration.ofSeconds(30);
  private static final Logger LOG = LoggerFactory.getLogger(UnreadBodies.class);

  private final Clock clock;

  UnreadBodies(Clock clock) {
    this.clock = clock;
  }

  void addTo(RoutesConfig routes) {
    routes.after(this::readOn);
  }

  private void readOn(Context context) {
    // Whoever asks before sending a body is not told to send one that nobody wants.
    boolean asks = context.header("Expect") != null;
    if (asks || context.res().isCommitted() || context.req().getContentLengthLong() > BYTES_MAX) {
      return;
    }
    try {
      readOn(context.req().getInputStream());
    } catch (IOException | IllegalStateException gone) {
      LOG.debug("the rest of {} {} did not come", context.method(), context.path(), gone);
    }
  }

  private void readOn(InputStream body) throws IOException {
    var end = clock.instant().plus(TIME_MAX);
    var thrownAway = new byte[64 * 1024];
    long bytes = 0;
    for (int read = body.read(thrownAway); read >= 0; read = body.read(thrownAway)) {
      bytes += read;
      if (bytes > BYTES_MAX || clock.instant().isAfter(end)) {
        return;
      }
    }
  }
}
