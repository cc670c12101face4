package dev.luthier.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.request.JsonBody;
import dev.luthier.platform.errors.ApiException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Handler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HttpServerTest {

  private static final CountDownLatch INSIDE = new CountDownLatch(1);
  private static HttpServer server;

  @BeforeAll
  static void start() {
    server = newServer(HttpServerTest::routes);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static HttpServer newServer(Routes routes) {
    var settings = new HttpSettings("127.0.0.1", 0, Duration.ofSeconds(5));
    var made = new HttpServer(settings, List.of(routes), Clock.systemUTC(), new Random(7));
    made.start();
    return made;
  }

  private static void routes(RoutesConfig routes) {
    routes.get("/v1/thing", context -> context.result("x"));
    routes.get(
        "/v1/models/<model>", context -> context.result("<" + context.pathParam("model") + ">"));
    routes.post(
        "/v1/echo",
        context -> Answers.json(context, JsonBody.read(context).required("model").string()));
    Handler refusal =
        _ -> {
          throw ApiException.noSuchFile("file-x");
        };
    routes.get("/v1/refused", refusal);
    routes.post("/v1/refused", refusal);
    routes.get(
        "/v1/broken",
        context -> {
          throw new IllegalStateException("secret of the house");
        });
    routes.get(
        "/v1/full",
        context -> {
          throw new UncheckedIOException(
              "cannot store it", new IOException("/secret/place: No space left on device"));
        });
    routes.get("/v1/thread", context -> context.result("" + Thread.currentThread().isVirtual()));
    routes.get(
        "/v1/slow",
        context -> {
          INSIDE.countDown();
          Thread.sleep(300);
          context.result("whole");
        });
  }

  @Test
  void fullDiskIsSaidAndNotTriedAgain() throws Exception {
    var answer = get("/v1/full");
    assertEquals(507, answer.status());
    assertEquals("false", answer.header("x-should-retry"));
    assertTrue(answer.text().contains("\"code\": \"storage_full\""), answer.text());
    assertTrue(answer.text().contains("\"type\": \"server_error\""), answer.text());
    assertFalse(answer.text().contains("secret"), answer.text());
  }

  @Test
  void everyAnswerCarriesIdVersionTimeAndTheHeadersOfOtherOrigins() throws Exception {
    for (var path : List.of("/v1/thing", "/v1/refused", "/v1/nothing", "/v1/broken")) {
      var answer = get(path);
      assertTrue(answer.header("x-request-id").matches("req_[0-9a-f]{32}"), path + answer);
      assertEquals("2020-10-01", answer.header("openai-version"), path);
      assertTrue(answer.header("openai-processing-ms").matches("[0-9]+"), path + answer);
      assertEquals("*", answer.header("access-control-allow-origin"), path);
      assertFalse(answer.headers().containsKey("server"), path);
    }
  }

  /// A client that listens only when it has sent all must not meet a closed connection.
  @Test
  void aRefusalReachesAClientThatIsStillSendingAndTheConnectionGoesOn() throws Exception {
    int bytes = 64 << 20; // more than sockets hold
    try (var http = new RawHttp(server.port())) {
      http.send("POST /v1/refused HTTP/1.1\r\nHost: a\r\nContent-Length: " + bytes + "\r\n\r\n");
      for (int sent = 0; sent < bytes; sent += 1 << 20) {
        http.send(new byte[1 << 20]);
      }
      assertEquals(404, http.answer().status());
      http.send("GET /v1/thing HTTP/1.1\r\nHost: a\r\n\r\n");
      assertEquals("x", http.answer().text());
    }
  }

  /// Who asks before sending a body is refused without it.
  @Test
  void aRefusalDoesNotCallForTheBodyOfAClientThatAsksFirst() throws Exception {
    try (var http = new RawHttp(server.port())) {
      http.send(
          "POST /v1/refused HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n");
      assertTrue(http.line().startsWith("HTTP/1.1 404"));
    }
  }

  @Test
  void requestIdsDiffer() throws Exception {
    assertFalse(
        get("/v1/thing").header("x-request-id").equals(get("/v1/thing").header("x-request-id")));
  }

  @Test
  void refusalsAreTheEnvelopeWithAllFourKeysAndCodeLast() throws Exception {
    var answer = get("/v1/refused");
    assertEquals(404, answer.status());
    assertEquals("application/json", answer.header("content-type"));
    assertEquals(
        """
        {
          "error": {
            "message": "No such File object: file-x",
            "type": "invalid_request_error",
            "param": "id",
            "code": null
          }
        }\
        """,
        answer.text());
  }

  @Test
  void unknownRouteIsToldWithMethodAndPath() throws Exception {
    var answer = RawHttp.exchange(server.port(), post("/v1/x", "{}"));
    assertEquals(404, answer.status());
    assertTrue(answer.text().contains("\"Invalid URL (POST /v1/x)\""), answer.text());
  }

  @Test
  void wrongMethodIs405InOpenAisWords() throws Exception {
    var answer = get("/v1/echo");
    assertEquals(405, answer.status());
    assertTrue(
        answer
            .text()
            .contains(
                "Not allowed to GET on /v1/echo. (HINT: Perhaps you meant to use a different HTTP"
                    + " method?)"),
        answer.text());
  }

  @Test
  void failuresOfTheServerTellTheirRequestIdAndNothingElse() throws Exception {
    var answer = get("/v1/broken");
    assertEquals(500, answer.status());
    assertTrue(answer.text().contains(answer.header("x-request-id")), answer.text());
    assertTrue(answer.text().contains("\"server_error\""), answer.text());
    assertFalse(answer.text().contains("secret"), answer.text());
  }

  @Test
  void whatIsNoHttpIsRefusedInTheEnvelopeToo() throws Exception {
    for (var line : List.of("GET /v1/%zz HTTP/1.1", "GET /v1/thing HTTP/9.9", "NONSENSE")) {
      var answer = RawHttp.exchange(server.port(), line + "\nHost: x\n\n");
      assertTrue(answer.status() >= 400 && answer.status() < 600, line + answer);
      assertTrue(
          answer.text().contains("\"invalid_request_error\"") || answer.status() >= 500,
          line + answer.text());
      assertTrue(answer.text().startsWith("{\n  \"error\": {"), line + answer.text());
    }
  }

  @Test
  void preflightOfABrowserIsAllowedEverywhere() throws Exception {
    for (var path : List.of("/v1/thing", "/v1/echo", "/v1/nothing")) {
      var answer =
          RawHttp.exchange(
              server.port(),
              """
              OPTIONS %s HTTP/1.1
              Host: x
              Origin: http://page
              Access-Control-Request-Method: POST
              Access-Control-Request-Headers: authorization,x-stainless-os

              """
                  .formatted(path));
      assertEquals(204, answer.status(), path);
      assertEquals("*", answer.header("access-control-allow-origin"));
      assertEquals("authorization,x-stainless-os", answer.header("access-control-allow-headers"));
      assertTrue(answer.header("access-control-allow-methods").contains("DELETE"));
    }
  }

  @Test
  void headIsAnsweredWithoutABody() throws Exception {
    try (var http = new RawHttp(server.port())) {
      http.send("HEAD /v1/thing HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals(200, http.headAnswer().status());
      http.send("GET /v1/thing HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals("x", http.answer().text());
    }
  }

  @Test
  void restOfAModelPathIsOneNameDecodedOnce() throws Exception {
    assertEquals("<ft:a:b::c>", get("/v1/models/ft:a:b::c").text());
    assertEquals("<ft:org/a:b>", get("/v1/models/ft:org/a:b").text());
    assertEquals("<ft:org/a:b>", get("/v1/models/ft:org%2Fa:b").text());
    assertEquals("<a%2Fb>", get("/v1/models/a%252Fb").text());
    assertEquals("<a b>", get("/v1/models/a%20b").text());
  }

  @Test
  void handlersRunOnVirtualThreads() throws Exception {
    assertEquals("true", get("/v1/thread").text());
  }

  @Test
  void brokenJsonIsToldWithItsPlace() throws Exception {
    for (var body :
        List.of("{\"model\":", "nonsense", "[1]", "\"x\"", "{} trailing", "{\"a\":1,\"a\":2}")) {
      var answer = RawHttp.exchange(server.port(), post("/v1/echo", body));
      assertEquals(400, answer.status(), body);
      assertTrue(
          answer.text().contains("\"We could not parse the JSON body of your request. (HINT: This"),
          answer.text());
      assertTrue(answer.text().contains("\"code\": null"), answer.text());
    }
  }

  @Test
  void emptyBodyWithAJsonTypeMissesItsFirstField() throws Exception {
    var answer = RawHttp.exchange(server.port(), post("/v1/echo", ""));
    assertEquals(400, answer.status());
    assertTrue(answer.text().contains("Missing required parameter: 'model'."), answer.text());
  }

  @Test
  void jsonBodyBeyondTheLimitIs413() throws Exception {
    int bytes = JsonBody.BYTES_MAX + 1;
    RawHttp.Answer answer;
    try (var http = new RawHttp(server.port())) {
      http.send("POST /v1/echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + bytes + "\r\n\r\n");
      http.send(new byte[bytes]);
      answer = http.answer();
    }
    assertEquals(413, answer.status());
    assertTrue(answer.text().contains("" + JsonBody.BYTES_MAX), answer.text());
    assertTrue(answer.text().contains("" + (JsonBody.BYTES_MAX + 1)), answer.text());
  }

  @Test
  void stopLetsARunningRequestEnd() throws Exception {
    var other = newServer(HttpServerTest::routes);
    try (var http = new RawHttp(other.port())) {
      http.send("GET /v1/slow HTTP/1.1\r\nHost: x\r\n\r\n");
      assertTrue(INSIDE.await(10, TimeUnit.SECONDS));
      other.close();
      assertEquals("whole", http.answer().text());
    }
  }

  private static RawHttp.Answer get(String path) throws Exception {
    return RawHttp.exchange(server.port(), "GET " + path + " HTTP/1.1\nHost: x\n\n");
  }

  private static String post(String path, String body) {
    return "POST %s HTTP/1.1\nHost: x\nContent-Type: application/json\nContent-Length: %d\n\n%s"
        .formatted(path, body.length(), body);
  }
}
