package dev.luthier.http;

import dev.luthier.http.sse.ClientGoneException;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.wire.api.ErrorEnvelope;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.http.NotFoundResponse;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what a handler throws into the error envelope. Causes are logged, not sent.
public final class ErrorMapper {

  private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);

  private static final List<String> FULL =
      List.of("No space left on device", "Disk quota exceeded", "SQLITE_FULL");

  void addTo(RoutesConfig routes) {
    routes.exception(ApiException.class, (refused, context) -> answer(context, refused));
    routes.exception(
        NotFoundResponse.class, (unknown, context) -> answer(context, unknownUrl(context)));
    routes.exception(
        MethodNotAllowedResponse.class, (wrong, context) -> answer(context, wrongMethod(context)));
    routes.exception(
        HttpResponseException.class, (refused, context) -> answer(context, other(refused)));
    routes.exception(Exception.class, ErrorMapper::failed);
  }

  /// The envelope of a refusal.
  public static ErrorEnvelope envelope(ApiException refused) {
    return new ErrorEnvelope(
        new ErrorEnvelope.Body(
            refused.text(), refused.code().type(), refused.param(), refused.code().code()));
  }

  /// What the caller is told of a failure that is not his: that it happened, and where to look.
  public static ApiException internal(Exception failure, Context context) {
    if (storageFull(failure)) {
      LOG.error("{} {} failed: the disk is full", context.method().name(), context.path(), failure);
      return new ApiException(
          ErrorCode.STORAGE_FULL,
          "The disk of the server's data folder is full, so nothing was stored. Free some space on it"
              + " and try again.",
          Optional.empty());
    }
    var requestId = String.valueOf(context.res().getHeader("x-request-id"));
    LOG.error(
        "{} {} failed ({}); the caller is told 500",
        context.method().name(),
        context.path(),
        requestId,
        failure);
    return new ApiException(
        ErrorCode.INTERNAL,
        "The server had an error while processing your request. Its log says more under "
            + requestId
            + ".",
        Optional.empty());
  }

  /// By the words of the system and of the database: neither has a type of its own for it.
  private static boolean storageFull(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      var words = String.valueOf(cause.getMessage());
      if (FULL.stream().anyMatch(words::contains)) {
        return true;
      }
    }
    return false;
  }

  private static void failed(Exception failure, Context context) {
    if (context.res().isCommitted()
        || failure instanceof EofException
        || failure instanceof ClientGoneException) {
      // Nobody is there, or nothing can be said any more.
      LOG.debug("{} {} broke off", context.method().name(), context.path(), failure);
      return;
    }
    answer(context, internal(failure, context));
  }

  private static void answer(Context context, ApiException refused) {
    context.status(refused.code().status());
    if (refused.code() == ErrorCode.STORAGE_FULL) {
      context.header("x-should-retry", "false"); // A client's own few tries would change nothing.
    }
    Answers.json(context, envelope(refused));
  }

  private static ApiException unknownUrl(Context context) {
    return new ApiException(
        ErrorCode.NOT_FOUND, "Invalid URL (%s)".formatted(requestLine(context)), Optional.empty());
  }

  private static ApiException wrongMethod(Context context) {
    return new ApiException(
        ErrorCode.METHOD_NOT_ALLOWED,
        "Not allowed to %s on %s. (HINT: Perhaps you meant to use a different HTTP method?)"
            .formatted(context.method().name(), context.path()),
        Optional.empty());
  }

  private static String requestLine(Context context) {
    return context.method().name() + " " + context.path();
  }

  /// What Javalin itself refuses, by its status.
  private static ApiException other(HttpResponseException refused) {
    var code =
        switch (refused.getStatus()) {
          case 413 -> ErrorCode.TOO_LARGE;
          case 415 -> ErrorCode.UNSUPPORTED_MEDIA_TYPE;
          case 503 -> ErrorCode.UNAVAILABLE;
          default -> refused.getStatus() < 500 ? ErrorCode.INVALID_REQUEST : ErrorCode.INTERNAL;
        };
    return new ApiException(code, String.valueOf(refused.getMessage()), Optional.empty());
  }
}
