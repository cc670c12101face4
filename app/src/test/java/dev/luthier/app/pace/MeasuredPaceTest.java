package dev.luthier.app.pace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.estimate.DrawingPace;
import dev.luthier.platform.estimate.Pace;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.text.rows.RowFile;
import dev.luthier.text.rows.RowRules;
import dev.luthier.text.rows.Which;
import dev.luthier.wire.Json;
import dev.luthier.wire.bench.GenerationBenchReport;
import dev.luthier.wire.bench.GenerationBenchReport.Decoding;
import dev.luthier.wire.bench.TrainingBenchReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuredPaceTest {
  @TempDir private Path folder;

  /// Steps of 0.1 s and 2 ms a token, the first one 5 s later and the second 1 s slower.
  private static TrainingBenchReport report() {
    List<Long> tokens = IntStream.range(0, 16).mapToObj(s -> 50L + 37 * s % 500).toList();
    List<Double> seconds = new ArrayList<>();
    for (int step = 0; step < 16; step++) {
      seconds.add(0.1 + 0.002 * tokens.get(step) + (step == 1 ? 1 : 0));
    }
    List<Double> losses = seconds.stream().map(_ -> 1.0).toList();
    double first = 5 + seconds.getFirst();
    return new TrainingBenchReport(
        "base", "bf16", 2, 16, 1, 16, 16, 5, 1, 1, first, 700, losses, tokens, seconds);
  }

  @Test
  void theLineThroughTheStepsIsFoundAndTheStartIsApart() {
    Pace pace = ProbeFit.fit(report());
    assertEquals(0.1, pace.stepSeconds(), 1e-9);
    assertEquals(0.002, pace.tokenSeconds(), 1e-9);
    assertEquals(6, pace.startSeconds(), 1e-9);
    assertEquals(700, pace.peakBytes());
  }

  @Test
  void theRowsOfTheProbePassTheCheckAndAreShortAndLong() throws IOException {
    Path file = Files.write(folder.resolve("rows.jsonl"), ProbeRows.lines());
    var report = RowFile.check(file, RowRules.supervised("probe", Which.TRAINING));
    assertEquals(Optional.empty(), report.failure());
    assertEquals(ProbeRows.COUNT, report.examples());
    List<Integer> lengths = ProbeRows.lines().stream().map(String::length).sorted().toList();
    assertTrue(lengths.getLast() > 10 * lengths.getFirst(), lengths::toString);
  }

  @Test
  void aMachineIsMeasuredOnceAndNotBesideAJob() throws Exception {
    Path said = Files.writeString(folder.resolve("said.json"), Json.text(report()) + "\n");
    BaseModel base = new BaseModel("base", Instant.EPOCH, folder);
    var busy = new MeasuredPace(folder, _ -> printing(said), () -> true);
    assertThrows(IOException.class, () -> busy.measure(base, false));
    var quiet = new MeasuredPace(folder, _ -> printing(said), () -> false);
    assertEquals(Optional.empty(), quiet.known(base, false));
    Pace pace = quiet.measure(base, false);
    assertEquals(0.002, pace.tokenSeconds(), 1e-9);
    Files.delete(said);
    assertEquals(pace, quiet.measure(base, false));
    assertEquals(Optional.of(pace), busy.known(base, false));
    assertEquals(Optional.empty(), busy.known(base, true), "all weights are another matter");
  }

  @Test
  void whatAnswersTakeIsMeasuredOnceByAProcessThatAnswers() throws Exception {
    var report =
        new GenerationBenchReport(
            "base", 128, 48, 1, 500, 0.2, List.of(new Decoding(16, 1, 250)), 3, 9_000);
    Path said = Files.writeString(folder.resolve("said.json"), Json.text(report) + "\n");
    BaseModel base = new BaseModel("base", Instant.EPOCH, folder);
    var quiet =
        new MeasuredPace(
            folder,
            kind -> kind == WorkerKind.INFERENCE ? printing(said) : command("exit 3"),
            () -> false);
    assertEquals(Optional.empty(), quiet.knownDrawing(base));
    var pace = new DrawingPace(3, 1 / 500.0, 1 / 250.0, 9_000);
    assertEquals(pace, quiet.measureDrawing(base));
    Files.delete(said);
    assertEquals(pace, quiet.measureDrawing(base));
    assertEquals(Optional.empty(), quiet.known(base, false), "training is another matter");
  }

  @Test
  void aProbeThatFailsSaysSo() {
    BaseModel base = new BaseModel("base", Instant.EPOCH, folder);
    var broken = new MeasuredPace(folder, _ -> command("exit 3"), () -> false);
    assertThrows(IOException.class, () -> broken.measure(base, false));
  }

  private static ProcessBuilder printing(Path file) {
    return command("cat '" + file + "'");
  }

  /// The arguments that follow are those of the shell's script, which takes none.
  private static ProcessBuilder command(String script) {
    return new ProcessBuilder(new ArrayList<>(List.of("sh", "-c", script)));
  }
}
