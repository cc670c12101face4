package dev.luthier.app.pace;

import dev.luthier.platform.estimate.DrawingPace;
import dev.luthier.platform.estimate.Pace;
import dev.luthier.platform.estimate.PaceProbe;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.wire.Json;
import dev.luthier.wire.bench.BenchFailure;
import dev.luthier.wire.bench.GenerationBenchReport;
import dev.luthier.wire.bench.GenerationBenchRequest;
import dev.luthier.wire.bench.TrainingBenchReport;
import dev.luthier.wire.bench.TrainingBenchRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import tools.jackson.core.JacksonException;

/// Lets a trainer's process take some steps on rows of its own, short and long, and draws a line
/// through the times of its steps; lets a process that answers do so with an adapter, as many at
/// once as reinforcement draws. What was measured is kept in the data folder, under the base, the
/// build and the machine that it is true for.
public final class MeasuredPace implements PaceProbe {
  private static final String FOLDER = "paces";
  private static final long PATIENCE_SECONDS = 90;
  private static final int QUOTED_MAX = 300;
  private static final int RANK = 16;
  private static final String DRAWING = ".drawing";

  /// As many at once as a job of reinforcement draws.
  private static final int DRAWN_TOGETHER = 16;

  private static final int DRAWN_PROMPT = 128;
  private static final int DRAWN_TOKENS = 48;
  private static final double LEARNING_RATE = 5e-4;
  private static final double FULL_LEARNING_RATE = 2e-5;

  private final Path data;
  private final Function<WorkerKind, ProcessBuilder> benches;
  private final BooleanSupplier busy;

  /// Measures nothing yet.
  ///
  /// @param data the data folder
  /// @param benches makes the process that measures; its arguments are added
  /// @param busy whether a job trains; what is measured beside one would be too slow, and is not
  ///   kept
  public MeasuredPace(
      Path data, Function<WorkerKind, ProcessBuilder> benches, BooleanSupplier busy) {
    this.data = data;
    this.benches = benches;
    this.busy = busy;
  }

  /// What was measured, and for what it is true.
  record Kept(String key, Pace pace) {}

  /// As [Kept], of answers.
  record KeptDrawing(String key, DrawingPace pace) {}

  @Override
  public synchronized Pace measure(BaseModel base, boolean allWeights)
      throws IOException, InterruptedException {
    Optional<Pace> known = known(base, allWeights);
    if (known.isPresent()) {
      return known.get();
    }
    refuseIfBusy();
    Pace pace = ProbeFit.fit(run(base, allWeights));
    keep(file(base, allWeights ? ".full" : ""), new Kept(key(), pace));
    return pace;
  }

  @Override
  public synchronized DrawingPace measureDrawing(BaseModel base)
      throws IOException, InterruptedException {
    Optional<DrawingPace> known = knownDrawing(base);
    if (known.isPresent()) {
      return known.get();
    }
    refuseIfBusy();
    DrawingPace pace = draw(base);
    keep(file(base, DRAWING), new KeptDrawing(key(), pace));
    return pace;
  }

  private void refuseIfBusy() throws IOException {
    if (busy.getAsBoolean()) {
      throw new IOException("a job is training; ask again when it is done");
    }
  }

  private void keep(Path file, Record kept) throws IOException {
    if (!busy.getAsBoolean()) {
      Files.createDirectories(data.resolve(FOLDER));
      Files.writeString(file, Json.text(kept));
    }
  }

  private Path file(BaseModel base, String what) {
    return data.resolve(FOLDER).resolve(base.id() + what + ".json");
  }

  private String key() {
    return Build.name() + ", " + Machine.name();
  }

  @Override
  public Optional<Pace> known(BaseModel base, boolean allWeights) throws IOException {
    return kept(file(base, allWeights ? ".full" : ""), Kept.class)
        .filter(kept -> kept.key().equals(key()))
        .map(Kept::pace);
  }

  @Override
  public Optional<DrawingPace> knownDrawing(BaseModel base) throws IOException {
    return kept(file(base, DRAWING), KeptDrawing.class)
        .filter(kept -> kept.key().equals(key()))
        .map(KeptDrawing::pace);
  }

  private static <K> Optional<K> kept(Path file, Class<K> type) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(Files.readString(file), type));
    } catch (JacksonException _) {
      return Optional.empty(); // Of another program: measured anew and written over.
    }
  }

  private TrainingBenchReport run(BaseModel base, boolean allWeights)
      throws IOException, InterruptedException {
    Path rows = Files.createTempFile("luthier-pace-", ".jsonl");
    try {
      Files.write(rows, ProbeRows.lines(), StandardCharsets.UTF_8);
      var request =
          new TrainingBenchRequest(
              base.id(),
              base.folder().toString(),
              rows.toString(),
              1,
              ProbeRows.COUNT,
              RANK,
              allWeights,
              allWeights ? FULL_LEARNING_RATE : LEARNING_RATE,
              1,
              Optional.empty(),
              Optional.empty());
      return run(WorkerKind.TRAINER, "train", request, TrainingBenchReport.class);
    } finally {
      Files.deleteIfExists(rows);
    }
  }

  private DrawingPace draw(BaseModel base) throws IOException, InterruptedException {
    var request =
        new GenerationBenchRequest(
            base.id(),
            base.folder().toString(),
            DRAWN_PROMPT,
            DRAWN_TOKENS,
            List.of(DRAWN_TOGETHER),
            List.of(1),
            1);
    GenerationBenchReport report =
        run(WorkerKind.INFERENCE, "generate", request, GenerationBenchReport.class);
    return new DrawingPace(
        report.loadSeconds(),
        1 / report.prefillTokensPerSecond(),
        1 / report.decodeTokensPerSecond().getFirst().tokensPerSecond(),
        report.peakRssBytes());
  }

  private <T> T run(WorkerKind kind, String what, Record request, Class<T> type)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile("luthier-pace-", ".out");
    try {
      ProcessBuilder builder = benches.apply(kind);
      builder.command().addAll(List.of(what, Json.text(request)));
      builder.redirectError(ProcessBuilder.Redirect.DISCARD).redirectOutput(said.toFile());
      return report(builder.start(), said, type);
    } finally {
      Files.deleteIfExists(said);
    }
  }

  private static <T> T report(Process process, Path said, Class<T> type)
      throws IOException, InterruptedException {
    Thread end = new Thread(process::destroy, "end-probe");
    Runtime.getRuntime().addShutdownHook(end);
    try {
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("the probe took more than " + PATIENCE_SECONDS + " s");
      }
      if (process.exitValue() != 0) {
        throw new IOException("the probe ended with exit code " + process.exitValue());
      }
      return report(Files.readString(said).strip(), type);
    } finally {
      process.destroy();
      Runtime.getRuntime().removeShutdownHook(end);
    }
  }

  private static <T> T report(String line, Class<T> type) throws IOException {
    try {
      return Json.read(line, type);
    } catch (JacksonException e) {
      throw new IOException(why(line), e);
    }
  }

  private static String why(String line) {
    try {
      return Json.read(line, BenchFailure.class).failure();
    } catch (JacksonException _) {
      int end = Math.min(line.length(), QUOTED_MAX);
      return "what the probe said is no report: " + line.substring(0, end);
    }
  }
}
