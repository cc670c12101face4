package dev.luthier.http.internal;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.files.BlobStore;
import dev.luthier.platform.launch.FencedException;
import dev.luthier.platform.models.AdapterStore;
import dev.luthier.wire.internal.ErrorAnswer;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.io.IOException;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// Wraps each internal handler: asks for the token, and turns failures into answers that a worker
/// decides on by their status.
final class Guard {
  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);
  private static final String BEARER = "Bearer ";

  private Guard() {}

  /// A handler of a request that carries a worker's token.
  @FunctionalInterface
  interface Call {
    void handle(Context context, String token) throws IOException;
  }

  /// A handler of a request that carries none.
  @FunctionalInterface
  interface OpenCall {
    void handle(Context context) throws IOException;
  }

  static Handler token(Call call) {
    return open(context -> {
      String header = Objects.requireNonNullElse(context.header("Authorization"), "");
      if (!header.startsWith(BEARER)) {
        refuse(context, 401, "unauthorized", "a worker's bearer token is needed here");
        return;
      }
      call.handle(context, header.substring(BEARER.length()).strip());
    });
  }

  static Handler open(OpenCall call) {
    return context -> {
      try {
        call.handle(context);
      } catch (FencedException e) {
        LOG.info("{} is fenced off: {}", name(context), e.getMessage());
        refuse(context, 409, ErrorAnswer.FENCED, message(e));
      } catch (ApiException e) {
        refuse(context, e.code().status(), e.code().code().orElse(e.code().type()), e.text());
      } catch (JacksonException | IllegalArgumentException e) {
        LOG.warn("{} was malformed: {}", name(context), e.getMessage());
        refuse(context, 400, "malformed", message(e));
      } catch (AdapterStore.DamagedException e) {
        // Sent again, the same bytes would not be those of the sums either.
        LOG.warn("{} was damaged: {}", name(context), e.getMessage());
        refuse(context, 400, "damaged", message(e));
      } catch (BlobStore.TooLargeException e) {
        LOG.warn("{} was too large: {}", name(context), e.getMessage());
        refuse(context, 413, "too_large", message(e));
      } catch (IOException e) {
        // The worker keeps what it sent and tries again: a full disk must not end a job.
        LOG.warn("{} could not be served; the worker will try again", name(context), e);
        refuse(context, 503, "storage", message(e));
      } catch (RuntimeException e) {
        LOG.error("{} failed", name(context), e);
        refuse(context, 500, "internal", message(e));
      }
    };
  }

  private static String name(Context context) {
    return context.method() + " " + context.path();
  }

  private static String message(Exception e) {
    return Objects.requireNonNullElse(e.getMessage(), e.toString());
  }

  private static void refuse(Context context, int status, String code, String message) {
    Bodies.answer(context.status(status), ErrorAnswer.of(code, message));
  }
}
