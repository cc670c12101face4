package dev.luthier.http;

import dev.luthier.wire.Json;
import dev.luthier.wire.api.ErrorEnvelope;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// The envelope for what is refused before any route is asked: a broken request line, a URL that
/// cannot be decoded, headers without end.
final class UnroutedErrors extends ErrorHandler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    var reason = String.valueOf(request.getAttribute(ERROR_MESSAGE));
    var body =
        new ErrorEnvelope(
            new ErrorEnvelope.Body(
                "The request could not be read (%d %s).".formatted(status, reason),
                status >= 500 ? "server_error" : "invalid_request_error",
                Optional.empty(),
                Optional.empty()));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Answers.JSON);
    response.write(true, ByteBuffer.wrap(Json.prettyBytes(body)), callback);
    return true;
  }
}
