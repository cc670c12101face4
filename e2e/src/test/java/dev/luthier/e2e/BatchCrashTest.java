package dev.luthier.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.models.batches.Batch;
import com.openai.models.batches.BatchCreateParams;
import com.openai.models.files.FileCreateParams;
import com.openai.models.files.FilePurpose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A batch while its server is killed: no line is lost, none is answered twice.
final class BatchCrashTest {
  private static final int LINES = 100;
  private static final int ANSWERED_BEFORE = 5;
  private static final Duration LIMIT = Patience.of(Duration.ofMinutes(5));
  private static final Pattern ID = Pattern.compile("\"custom_id\":\"(r\\d+)\"");

  @TempDir Path folder;

  @Test
  void aServerKilledInTheMiddleOfABatchLosesNoLineAndAnswersNoneTwice() throws Exception {
    var data = folder.resolve("data");
    String id;
    try (var server = Luthier.serve(data)) {
      var client = server.client();
      id = ordered(client);
      var batch = await(client, id, some -> completed(some) >= ANSWERED_BEFORE);
      assertTrue(completed(batch) < LINES, "it was over before the server could be killed");
      server.killAll();
    }
    try (var server = Luthier.serve(data)) {
      var client = server.client();
      var batch = await(client, id, some -> some.status().equals(Batch.Status.COMPLETED));
      assertEquals(LINES, completed(batch));
      assertEquals(0, batch.requestCounts().orElseThrow().failed());
      var expected = IntStream.range(0, LINES).mapToObj(number -> "r" + number).sorted().toList();
      assertEquals(expected, ids(client, batch.outputFileId().orElseThrow()));
    }
  }

  private String ordered(OpenAIClient client) throws IOException {
    var lines =
        IntStream.range(0, LINES)
            .mapToObj(number ->
                """
                {"custom_id":"r%d","method":"POST","url":"/v1/chat/completions",\
                "body":{"model":"gpt-4o-mini","max_tokens":16,"messages":\
                [{"role":"user","content":"Tell me a long story about the number %d"}]}}\
                """
                    .formatted(number, number))
            .toList();
    var file = Files.write(folder.resolve("lines.jsonl"), lines);
    var upload = FileCreateParams.builder().file(file).purpose(FilePurpose.BATCH).build();
    return client
        .batches()
        .create(
            BatchCreateParams.builder()
                .inputFileId(client.files().create(upload).id())
                .endpoint(BatchCreateParams.Endpoint.V1_CHAT_COMPLETIONS)
                .completionWindow(BatchCreateParams.CompletionWindow._24H)
                .build())
        .id();
  }

  private static long completed(Batch batch) {
    return batch.requestCounts().orElseThrow().completed();
  }

  private static Batch await(OpenAIClient client, String id, Predicate<Batch> reached)
      throws InterruptedException {
    var end = Instant.now().plus(LIMIT);
    while (true) {
      var batch = client.batches().retrieve(id);
      if (reached.test(batch)) {
        return batch;
      }
      assertTrue(Instant.now().isBefore(end), () -> "within " + LIMIT + ": " + batch);
      Thread.sleep(20);
    }
  }

  private static List<String> ids(OpenAIClient client, String file) throws IOException {
    try (var content = client.files().content(file)) {
      return new String(content.body().readAllBytes(), UTF_8)
          .lines()
          .map(line -> ID.matcher(line).results().map(match -> match.group(1)).toList())
          .peek(found -> assertEquals(1, found.size()))
          .map(List::getFirst)
          .sorted()
          .toList();
    }
  }
}
