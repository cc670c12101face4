package dev.luthier.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.models.finetuning.jobs.FineTuningJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The lesson's own story: the first file was broken, the mended one trains, both stand in the
/// list.
final class MendedFileTest {

  @TempDir Path folder;

  @Test
  void theBrokenFileFailsTheMendedOneSucceedsAndBothAreListed() throws Exception {
    var rows = Files.readAllLines(LessonTest.ROWS);
    var broken = folder.resolve("rows.jsonl");
    var lines = rows.toArray(String[]::new);
    lines[6] = lines[6].replace("\"role\":\"user\",", "");
    Files.write(broken, List.of(lines));
    try (var server = Luthier.serve(folder.resolve("data"))) {
      var client = server.client();
      var failed = Jobs.awaitEnd(client, Jobs.create(client, broken, 1, 5).id());
      assertEquals(FineTuningJob.Status.FAILED, failed.status());
      var error = failed.error().orElseThrow();
      assertEquals("invalid_training_file", error.code());
      assertTrue(
          error.message().contains("Example 7, message 2 Discriminator 'role' is missing in value"),
          error.message());
      assertEquals(error.message(), Jobs.messages(client, failed.id()).getLast());

      Files.write(broken, rows);
      var mended = Jobs.awaitEnd(client, Jobs.create(client, broken, 1, 5).id());
      assertEquals(FineTuningJob.Status.SUCCEEDED, mended.status());
      var listed =
          client.fineTuning().jobs().list().data().stream().map(FineTuningJob::id).toList();
      assertEquals(List.of(mended.id(), failed.id()), listed);
    }
  }
}
