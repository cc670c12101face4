package dev.luthier.worker.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.wire.bench.PerplexityBenchReport;
import dev.luthier.wire.bench.PerplexityBenchRequest;
import dev.luthier.worker.TinyBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PerplexityBenchTest {
  @TempDir Path folder;

  private PerplexityBenchReport measure(Path base, Optional<String> adapter, String... rows)
      throws IOException {
    Path file = Files.writeString(folder.resolve("rows.jsonl"), String.join("\n", rows));
    return PerplexityBench.measure(
        new PerplexityBenchRequest("tiny", base.toString(), file.toString(), adapter, 2));
  }

  private static String row(String question, String answer) {
    return """
    {"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "%s"}]}\
    """
        .formatted(question, answer);
  }

  @Test
  void precisionsForetellNearlyAlikeAndAnAdapterOtherwise() throws Exception {
    Path base = TinyBase.write(folder.resolve("base"), 11);
    String[] rows = {row("ab", "cd ef"), row("a", "b"), row("beyond", "the limit of two rows")};
    PerplexityBenchReport report = measure(base, Optional.empty(), rows);
    assertEquals(2, report.rows());
    assertTrue(report.tokens() > 2, report.toString());
    // A random model knows nothing: about as many tokens are likely as there are.
    assertTrue(report.fp32() > 20, report.toString());
    assertEquals(1, report.bf16ToFp32(), 0.02, report.toString());
    assertNotEquals(report.fp32(), report.bf16());

    var adapter = RandomAdapters.write(base, folder, 1, 5).getFirst();
    PerplexityBenchReport adapted = measure(base, Optional.of(adapter.folder().toString()), rows);
    assertNotEquals(report.fp32(), adapted.fp32());
    assertEquals(report.tokens(), adapted.tokens());
  }

  @Test
  void aFileWithoutAnswersIsRefused() throws Exception {
    Path base = TinyBase.write(folder.resolve("base"), 11);
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> measure(base, Optional.empty(), ""));
    assertTrue(String.valueOf(refusal.getMessage()).contains("no answer"), refusal.getMessage());
  }
}
