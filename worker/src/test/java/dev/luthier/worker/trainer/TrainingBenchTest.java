package dev.luthier.worker.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.wire.Json;
import dev.luthier.wire.bench.TrainingBenchReport;
import dev.luthier.wire.bench.TrainingBenchRequest;
import dev.luthier.worker.TinyBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class TrainingBenchTest {
  private static final int ROWS = 5;
  private static final int BATCH = 2;
  private static final int STEPS = 4;

  @TempDir Path folder;

  private TrainingBenchReport measure(int steps, int rank, Optional<Path> export)
      throws IOException {
    String rows =
        IntStream.range(0, ROWS)
            .mapToObj(i ->
                """
                {"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "It is."}]}
                """
                    .formatted("word ".repeat(i + 1)))
            .collect(Collectors.joining());
    return TrainingBench.measure(
        new TrainingBenchRequest(
            "tiny",
            TinyBase.write(folder.resolve("base"), 11).toString(),
            Files.writeString(folder.resolve("rows.jsonl"), rows).toString(),
            BATCH,
            steps,
            Math.max(rank, 1),
            rank == 0,
            1e-2,
            3,
            Optional.of("fp32"),
            export.map(Path::toString)));
  }

  @Test
  void stepsGoOnIntoTheNextEpochAndAreAllReported() throws IOException {
    TrainingBenchReport report = measure(STEPS, 16, Optional.empty());
    assertEquals("fp32", report.precision());
    assertEquals(ROWS, report.rows());
    assertEquals(STEPS, report.stepLosses().size());
    assertEquals(STEPS, report.stepSeconds().size());
    assertEquals(2, report.warmupSteps());
    for (double loss : report.stepLosses()) {
      assertTrue(loss > 0 && loss < 10, report.stepLosses().toString());
    }
    assertTrue(report.firstStepSeconds() > 0, report.toString());
    assertTrue(report.peakRssBytes() > 50_000_000, report.toString());
  }

  @Test
  void speedsCountTheTokensAfterTheWarmUp() throws IOException {
    TrainingBenchReport report = measure(STEPS, 16, Optional.empty());
    long counted = report.stepTokens().get(2) + report.stepTokens().get(3);
    double inside = report.stepSeconds().get(2) + report.stepSeconds().get(3);
    double seconds = counted / report.tokensPerSecond();
    assertTrue(seconds >= inside && seconds < inside + 1, seconds + " s around " + inside + " s");
    double share = report.supervisedTokensPerSecond() / report.tokensPerSecond();
    assertTrue(share > 0.05 && share < 0.9, "supervised share " + share);
  }

  @Test
  void allWeightsCanBeTrainedInPlaceOfAnAdapter() throws IOException {
    TrainingBenchReport report = measure(STEPS, 0, Optional.empty());
    assertEquals(0, report.rank());
    var losses = report.stepLosses();
    assertTrue(losses.getLast() < losses.getFirst(), losses.toString());
  }

  @Test
  void theExportTellsTheRunsTokensInItsOrder() throws IOException {
    Path export = folder.resolve("export");
    TrainingBenchReport report = measure(STEPS, 4, Optional.of(export));
    var plan = Json.tree(Files.readAllBytes(export.resolve("plan.json")));
    assertEquals(ROWS, plan.path("rows").size());
    assertEquals(STEPS, plan.path("learning_rates").size());
    for (int step = 0; step < STEPS; step++) {
      long tokens = 0;
      for (var row : plan.path("row_order").path(step)) {
        tokens += plan.path("rows").path(row.asInt()).path("tokens").size();
      }
      assertEquals(report.stepTokens().get(step), tokens, "tokens of step " + (step + 1));
    }
    var adapter = Json.tree(Files.readAllBytes(export.resolve("start/adapter_config.json")));
    assertEquals(
        List.of(4, 8), List.of(adapter.path("r").asInt(), adapter.path("lora_alpha").asInt()));
  }
}
