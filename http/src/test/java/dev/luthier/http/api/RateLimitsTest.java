package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.http.RawHttp;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How many answers a key gets in a minute.
class RateLimitsTest {
  private static final String CHAT =
      "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]%s}";

  @TempDir Path folder;
  private final SetClock clock = new SetClock();

  private ApiFixture limited(long requests, long tokens) {
    var api =
        new ApiFixture(
            folder, Duration.ofMinutes(5), new RateLimits.Limits(requests, tokens), clock);
    api.inference.says((_, sink) -> {
      sink.started(90);
      sink.delta(0, "Hi", List.of());
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(90, 60));
    });
    return api;
  }

  private static RawHttp.Answer chat(ApiFixture api) throws IOException {
    return api.post("/v1/chat/completions", CHAT.formatted(""));
  }

  private static void refused(RawHttp.Answer answer, String type, String retryAfter) {
    assertEquals(429, answer.status(), answer.text());
    var error = ApiFixture.json(answer).get("error");
    assertEquals(type, error.get("type").asString());
    assertEquals("rate_limit_exceeded", error.get("code").asString());
    assertEquals(retryAfter, answer.header("retry-after"));
  }

  @Test
  void requestsBeyondTheLimitAreRefusedUntilSomeHaveGrownBack() throws Exception {
    try (var api = limited(3, 0)) {
      var first = chat(api);
      assertEquals("3", first.header("x-ratelimit-limit-requests"));
      assertEquals("2", first.header("x-ratelimit-remaining-requests"));
      assertEquals("20s", first.header("x-ratelimit-reset-requests"));
      assertEquals(
          200, api.post("/v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"a\"}").status());
      var stream = api.post("/v1/chat/completions", CHAT.formatted(",\"stream\":true"));
      assertEquals("0", stream.header("x-ratelimit-remaining-requests"));
      clock.forward(Duration.ofSeconds(5));
      refused(chat(api), "requests", "15");
      assertEquals(200, api.get("/v1/models").status(), "only answers are counted");
      clock.forward(Duration.ofSeconds(15));
      assertEquals(200, chat(api).status());
      refused(chat(api), "requests", "20");
    }
  }

  @Test
  void anAnswerMayOverdrawTheTokensAndTheNextOneWaits() throws Exception {
    try (var api = limited(0, 100)) {
      assertEquals("100", chat(api).header("x-ratelimit-remaining-tokens"));
      var second = chat(api);
      assertEquals("0", second.header("x-ratelimit-remaining-tokens"));
      refused(second, "tokens", "31"); // 51 of 100 a minute
      clock.forward(Duration.ofSeconds(31));
      assertEquals("1", chat(api).header("x-ratelimit-remaining-tokens"));
    }
  }

  @Test
  void timesAreWrittenAsOpenAiWritesThem() {
    assertEquals("17ms", RateLimits.words(Duration.ofMillis(17)));
    assertEquals("1.500s", RateLimits.words(Duration.ofMillis(1500)));
    assertEquals("6m0s", RateLimits.words(Duration.ofMinutes(6)));
  }

  /// Stands until it is moved.
  private static final class SetClock extends Clock {
    private Instant now = Instant.ofEpochSecond(ApiFixture.NOW);

    synchronized void forward(Duration time) {
      now = now.plus(time);
    }

    @Override
    public synchronized Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
