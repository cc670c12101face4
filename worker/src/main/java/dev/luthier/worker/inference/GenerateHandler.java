package dev.luthier.worker.inference;

import com.sun.net.httpserver.HttpExchange;
import dev.luthier.engine.infer.GenerationRefusedException;
import dev.luthier.text.MessagesException;
import dev.luthier.text.grammar.SchemaException;
import dev.luthier.wire.Json;
import dev.luthier.wire.internal.GenerateEvent;
import dev.luthier.wire.internal.GenerateEvents;
import dev.luthier.wire.internal.GenerateRequest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// `POST generate`: answers 200 with a stream of events, of which `failed` may be the first.
final class GenerateHandler {
  private static final Logger LOG = LoggerFactory.getLogger(GenerateHandler.class);
  private static final int REQUEST_BYTES_MAX = 64 << 20;

  private final ServedModel model;
  private final LongSupplier seeds;
  private final Runnable broken;
  private final CountDownLatch asked = new CountDownLatch(1);

  /// Serves `model`.
  ///
  /// @param seeds a seed for each request that brings none
  /// @param broken hears that the model will never answer again
  GenerateHandler(ServedModel model, LongSupplier seeds, Runnable broken) {
    this.model = model;
    this.seeds = seeds;
    this.broken = broken;
  }

  /// Whether a request has come, waiting for one no longer than `within`.
  boolean wasAsked(Duration within) throws InterruptedException {
    return asked.await(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  void handle(HttpExchange exchange) throws IOException {
    asked.countDown();
    byte[] body = exchange.getRequestBody().readNBytes(REQUEST_BYTES_MAX + 1);
    exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
    exchange.sendResponseHeaders(200, 0);
    try (var lines = new Lines(new BufferedOutputStream(exchange.getResponseBody(), 8192))) {
      try {
        answer(body).writeTo(lines);
      } catch (Prompt.RefusedException e) {
        lines.write(List.of(e.failure()));
      } catch (MessagesException e) {
        lines.write(List.of(RequestFailure.of(e)));
      } catch (GenerationRefusedException e) {
        if (e.reason() == GenerationRefusedException.Reason.CLOSED) {
          broken.run();
        }
        lines.write(List.of(RequestFailure.of(e)));
      } catch (JacksonException | IllegalArgumentException | SchemaException e) {
        lines.write(List.of(RequestFailure.malformed(e)));
      } catch (RuntimeException e) {
        LOG.error("a request failed", e);
        lines.write(List.of(RequestFailure.internal(e)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Answer answer(byte[] body) {
    if (body.length > REQUEST_BYTES_MAX) {
      throw new IllegalArgumentException(
          "the request has more than " + REQUEST_BYTES_MAX + " bytes");
    }
    GenerateRequest request = Json.read(body, GenerateRequest.class);
    var answer = new Answer(model, request, Prompt.of(request, model));
    answer.submit(request.seed().orElseGet(seeds::getAsLong));
    return answer;
  }

  /// Events as lines; a flush a batch, so that a token travels at once.
  private record Lines(OutputStream out) implements Answer.Writer, AutoCloseable {
    @Override
    public void write(List<GenerateEvent> events) throws IOException {
      for (GenerateEvent event : events) {
        out.write(GenerateEvents.line(event).getBytes(StandardCharsets.UTF_8));
      }
      out.flush();
    }

    @Override
    public void ping() throws IOException {
      out.write('\n');
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
