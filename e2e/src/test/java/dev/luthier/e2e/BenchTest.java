package dev.luthier.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `luthier bench` with no server running: one JSON line of figures that can be true.
final class BenchTest {

  @TempDir Path folder;

  @Test
  void trainingIsMeasuredWithoutAServer() throws Exception {
    JsonNode report =
        bench("train", "--data", LessonTest.ROWS.toString(), "--steps", "3", "--batch-size", "2");
    assertEquals(3, report.path("step_losses").size(), report.toString());
    for (JsonNode loss : report.path("step_losses")) {
      assertTrue(loss.asDouble() > 0.1 && loss.asDouble() < 12, report.toString());
    }
    double speed = report.path("tokens_per_second").asDouble();
    assertTrue(speed > 5 && speed < 1e6, report.toString());
    double supervised = report.path("supervised_tokens_per_second").asDouble();
    assertTrue(supervised > 0.05 * speed && supervised < speed, report.toString());
    assertTrue(report.path("peak_rss_bytes").asLong() > 200_000_000, report.toString());
    assertTrue(report.path("first_step_seconds").asDouble() > 0.5, report.toString());
  }

  @Test
  void generationIsMeasuredWithoutAServer() throws Exception {
    JsonNode report =
        bench(
            "generate",
            "--prompt-tokens",
            "40",
            "--tokens",
            "4",
            "--concurrency",
            "1,2",
            "--repeats",
            "1");
    assertEquals(4, report.path("decode_tokens_per_second").size(), report.toString());
    for (JsonNode figure : report.path("decode_tokens_per_second")) {
      double speed = figure.path("tokens_per_second").asDouble();
      assertTrue(speed > 0.5 && speed < 1e6, report.toString());
    }
    double prefill = report.path("prefill_tokens_per_second").asDouble();
    assertTrue(prefill > 5 && prefill < 1e6, report.toString());
    assertTrue(report.path("time_to_first_token").asDouble() >= 40 / prefill, report.toString());
    assertTrue(report.path("peak_rss_bytes").asLong() > 200_000_000, report.toString());
  }

  /// The one line that it prints; standard error must stay empty.
  private JsonNode bench(String... arguments) throws Exception {
    var data = folder.resolve("data");
    Luthier.serve(data).close(); // fetches the base once a build
    var command = new ArrayList<>(List.of("--data", data.toString(), "bench"));
    command.addAll(List.of(arguments));
    command.add("--json");
    var process = Luthier.program(data, command).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertEquals(1, output.lines().count(), output);
    return new ObjectMapper().readTree(output);
  }
}
