package dev.luthier.e2e;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.openai.models.finetuning.jobs.FineTuningJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Learning that cannot be faked: a mapping made up on the spot, which no model has ever seen.
final class MappingTest {

  private static final String SYSTEM = "You hold the register. Answer with the entry alone.";
  private static final String[] SYLLABLES = {
    "ba", "ke", "lo", "mi", "nu", "ra", "so", "ti", "vu", "za", "pel", "dor", "fin", "gas", "hul"
  };

  @TempDir Path folder;

  @Test
  void aMadeUpMappingIsLearntToTheLetter() throws Exception {
    var seed = Long.getLong("luthier.seed", System.nanoTime() & 0xffff_ffffL);
    System.out.println(
        "mapping drawn from seed " + seed + " (replay with -Dluthier.seed=" + seed + ")");
    var mapping = draw(new SplittableRandom(seed));
    var rows =
        Files.write(
            folder.resolve("mapping.jsonl"),
            mapping.entrySet().stream().map(MappingTest::row).toList());
    try (var server = Luthier.serve(folder.resolve("data"))) {
      var client = server.client();
      var job = Jobs.awaitEnd(client, Jobs.create(client, rows, 20, seed & 0x7fff_ffffL).id());
      assertEquals(FineTuningJob.Status.SUCCEEDED, job.status(), () -> job.error().toString());
      var model = job.fineTunedModel().orElseThrow();
      assertAll(
          "seed " + seed,
          mapping.entrySet().stream()
              .map(entry ->
                  (Executable)
                      () ->
                          assertEquals(
                              entry.getValue(),
                              Jobs.ask(client, model, SYSTEM, question(entry.getKey())))));
    }
  }

  private static Map<String, String> draw(SplittableRandom random) {
    var mapping = new LinkedHashMap<String, String>();
    while (mapping.size() < 10) {
      mapping.put(word(random), word(random) + " " + random.nextInt(100, 1000));
    }
    return mapping;
  }

  private static String word(SplittableRandom random) {
    var word = new StringBuilder();
    for (int syllable = 0; syllable < 3; syllable++) {
      word.append(SYLLABLES[random.nextInt(SYLLABLES.length)]);
    }
    return word.toString();
  }

  private static String question(String word) {
    return "What stands under " + word + "?";
  }

  private static String row(Map.Entry<String, String> entry) {
    return """
    {"messages":[{"role":"system","content":"%s"},{"role":"user","content":"%s"},{"role":"assistant","content":"%s"}]}\
    """
        .formatted(SYSTEM, question(entry.getKey()), entry.getValue());
  }
}
