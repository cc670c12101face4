package dev.luthier.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.GenerationCall;
import dev.luthier.platform.chat.GenerationRequest;
import dev.luthier.platform.chat.GenerationSink;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.chat.Sampling;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.inference.Endpoint;
import dev.luthier.platform.models.AdapterReference;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.ResolvedModel;
import dev.luthier.wire.Json;
import dev.luthier.wire.internal.GenerateEvent;
import dev.luthier.wire.internal.GenerateEvents;
import dev.luthier.wire.internal.GenerateRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The gateway against a process of the JDK's own HTTP server that speaks the protocol.
@Timeout(30)
class HttpInferenceTest {
  private static final String SHA256 = "ab".repeat(32);

  private final List<GenerateRequest> asked = new ArrayList<>();
  private final List<Endpoint> reported = new ArrayList<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private HttpServer process;
  private HttpInference inference;
  private URI url;
  private volatile Answering answering = _ -> {};

  /// What the process does with a request that it has read.
  private interface Answering {
    void answer(OutputStream out) throws Exception;
  }

  @BeforeEach
  void start() throws IOException {
    process = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    process.setExecutor(threads);
    process.createContext("/generate", this::serve);
    process.start();
    url = URI.create("http://127.0.0.1:" + process.getAddress().getPort() + "/");
    inference = new HttpInference(new FixedEndpoints(), Duration.ofSeconds(20));
  }

  @AfterEach
  void stop() {
    inference.close();
    process.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      assertEquals("Bearer secret", exchange.getRequestHeaders().getFirst("Authorization"));
      byte[] body = exchange.getRequestBody().readAllBytes();
      synchronized (asked) {
        asked.add(Json.read(body, GenerateRequest.class));
      }
      answering.answer(new Lazy(exchange));
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  /// Sends the headers with the first byte, so that an answering may also send nothing.
  private static final class Lazy extends OutputStream {
    private final HttpExchange exchange;
    private boolean begun;

    Lazy(HttpExchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (!begun) {
        exchange.sendResponseHeaders(200, 0);
        begun = true;
      }
      exchange.getResponseBody().write(bytes, offset, length);
      exchange.getResponseBody().flush();
    }
  }

  private final class FixedEndpoints implements Endpoints {
    @Override
    public Endpoint endpoint(String baseId, Duration wait) {
      assertEquals("tiny", baseId);
      return new Endpoint("luthier-tiny-1", baseId, url, "secret", 64);
    }

    @Override
    public void unreachable(Endpoint endpoint) {
      reported.add(endpoint);
    }
  }

  private static void say(OutputStream out, GenerateEvent... events) throws IOException {
    for (GenerateEvent event : events) {
      out.write(GenerateEvents.line(event).getBytes(UTF_8));
    }
  }

  private static GenerationCall call() {
    var base = new BaseModel("tiny", Instant.EPOCH, Path.of("/bases/tiny"));
    var model =
        new ResolvedModel.FineTune(
            "ft:tiny:personal::abcdefgh",
            base,
            new AdapterReference(
                "ft:tiny:personal::abcdefgh", "adapter-1", Path.of("/adapters/adapter-1"), SHA256));
    return new GenerationCall(
        model,
        new GenerationRequest(
            new Prompt.Text("hi"),
            2,
            OptionalInt.of(5),
            List.of("\n"),
            Sampling.DEFAULT,
            OptionalInt.of(0),
            false));
  }

  @Test
  void whatTheProcessSaysReachesTheSinkInOrder() {
    answering =
        out -> {
          say(out, new GenerateEvent.Started(2));
          out.write('\n');
          say(
              out,
              new GenerateEvent.Delta(
                  1, "é", List.of(new GenerateEvent.TokenLogprob("é", -1, List.of(), List.of()))),
              new GenerateEvent.Finished(1, "stop"),
              new GenerateEvent.Finished(0, "length"),
              new GenerateEvent.Usage(2, 1, 1));
        };
    var sink = new RecordingSink();
    inference.generate(call(), sink);
    assertEquals(
        List.of("started 2", "waiting", "1 'é' 1", "1 STOP", "0 LENGTH", "usage 2 1 1"),
        sink.heard);
  }

  @Test
  void theRequestCarriesTheAdapterByItsId() {
    answering = out -> say(out, new GenerateEvent.Usage(0, 0, 0));
    inference.generate(call(), new RecordingSink());
    GenerateRequest request = asked.getFirst();
    assertEquals("adapter-1", request.adapter().orElseThrow().name());
    assertEquals(Optional.of("hi"), request.prompt().text());
    assertEquals(Optional.of(5), request.maxTokens());
    assertEquals(2, request.n());
    assertTrue(request.logprobs());
  }

  @Test
  void aRefusalKeepsItsCodeParamAndText() {
    answering =
        out ->
            say(
                out,
                new GenerateEvent.Failed(
                    400,
                    "too long",
                    "invalid_request_error",
                    Optional.of("messages"),
                    Optional.of("context_length_exceeded")));
    var refused =
        assertThrows(ApiException.class, () -> inference.generate(call(), new RecordingSink()));
    assertEquals(ErrorCode.CONTEXT_LENGTH_EXCEEDED, refused.code());
    assertEquals(Optional.of("messages"), refused.param());
    assertEquals("too long", refused.text());
    assertEquals(1, asked.size());
  }

  @Test
  void aProcessThatEndsInMidAnswerIsAFailureAndIsNotAskedAgain() {
    answering = out -> say(out, new GenerateEvent.Started(2));
    var failed =
        assertThrows(ApiException.class, () -> inference.generate(call(), new RecordingSink()));
    assertEquals(ErrorCode.UNAVAILABLE, failed.code());
    assertEquals(1, asked.size());
  }

  @Test
  void aConnectionLostBeforeTheFirstEventIsTriedAgainWithoutBlame() {
    answering =
        out -> {
          if (asked.size() > 1) {
            say(out, new GenerateEvent.Usage(1, 1, 0));
          }
        };
    var sink = new RecordingSink();
    inference.generate(call(), sink);
    assertEquals(List.of("usage 1 1 0"), sink.heard);
    assertEquals(List.of(), reported);
  }

  @Test
  void aProcessThatNeverAnswersIsReportedAndTheCallerIsTold() {
    process.stop(0);
    ApiException failed;
    try (var impatient = new HttpInference(new FixedEndpoints(), Duration.ofSeconds(1))) {
      failed =
          assertThrows(ApiException.class, () -> impatient.generate(call(), new RecordingSink()));
    }
    assertEquals(503, failed.code().status());
    assertEquals("server_error", failed.code().type());
    assertTrue(failed.text().contains("'tiny'"), failed.text());
    assertTrue(reported.size() >= 1);
  }

  @Test
  void aSinkThatThrowsClosesTheConnection() throws Exception {
    var closed = new CountDownLatch(1);
    answering =
        out -> {
          say(out, new GenerateEvent.Started(2));
          try {
            while (true) {
              out.write('\n');
              Thread.sleep(5);
            }
          } catch (IOException e) {
            closed.countDown();
          }
        };
    var sink =
        new RecordingSink() {
          @Override
          public void started(int promptTokens) {
            throw new IllegalStateException("the client has left");
          }
        };
    var thrown = assertThrows(IllegalStateException.class, () -> inference.generate(call(), sink));
    assertEquals("the client has left", thrown.getMessage());
    assertTrue(closed.await(20, TimeUnit.SECONDS));
  }

  private static class RecordingSink implements GenerationSink {
    final List<String> heard = new ArrayList<>();

    @Override
    public void started(int promptTokens) {
      heard.add("started " + promptTokens);
    }

    @Override
    public void waiting() {
      heard.add("waiting");
    }

    @Override
    public void delta(int index, String text, List<TokenLogprob> logprobs) {
      heard.add("%d '%s' %d".formatted(index, text, logprobs.size()));
    }

    @Override
    public void finished(int index, FinishReason reason) {
      heard.add(index + " " + reason);
    }

    @Override
    public void usage(Usage usage) {
      heard.add(
          "usage %d %d %d"
              .formatted(usage.promptTokens(), usage.completionTokens(), usage.cachedTokens()));
    }
  }
}
