package dev.luthier.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests that arrive together are decoded together.
final class TogetherTest {

  private static final int CHATS = 8;
  private static final long TOKENS = 64;

  @TempDir Path folder;

  /// A ratio within one run, not a speed: it says that a step of eight rows reads the weights once.
  /// Without matrix units a row's arithmetic takes as long as its part of the reading.
  @Test
  void eightChatsTakeLessThanEightTimesOne() throws Exception {
    try (var server = Luthier.serve(folder.resolve("data"))) {
      var client = server.client();
      chat(client, 0); // The process comes up.
      long one = median(() -> nanos(client, 1));
      long eight = median(() -> nanos(client, CHATS));
      System.out.printf(
          "one chat %d ms, eight together %d ms%n", one / 1_000_000, eight / 1_000_000);
      long most = Patience.QUICK ? 4 : 6;
      assertTrue(
          eight < most * one, () -> "one took %d ns, eight took %d ns".formatted(one, eight));
    }
  }

  private static long median(Callable<Long> measurement) throws Exception {
    var times = new ArrayList<Long>();
    for (int i = 0; i < 3; i++) {
      times.add(measurement.call());
    }
    return times.stream().sorted().toList().get(1);
  }

  private static long nanos(OpenAIClient client, int chats) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      long start = System.nanoTime();
      var answers =
          Stream.iterate(0, i -> i + 1)
              .limit(chats)
              .map(i -> threads.submit(() -> chat(client, i)))
              .toList();
      for (var answer : answers) {
        assertEquals(TOKENS, answer.get());
      }
      return System.nanoTime() - start;
    }
  }

  /// Tokens of an answer that is cut at its bound: the end-of-turn token is ruled out.
  private static long chat(OpenAIClient client, int number) {
    var params =
        ChatCompletionCreateParams.builder()
            .model("gpt-3.5-turbo")
            .addUserMessage("Tell me a long story about the number " + (number + 2))
            .temperature(0.0)
            .maxCompletionTokens(TOKENS)
            .logitBias(
                ChatCompletionCreateParams.LogitBias.builder()
                    .putAdditionalProperty("2", com.openai.core.JsonValue.from(-100))
                    .putAdditionalProperty("0", com.openai.core.JsonValue.from(-100))
                    .build())
            .build();
    return client.chat().completions().create(params).usage().orElseThrow().completionTokens();
  }
}
