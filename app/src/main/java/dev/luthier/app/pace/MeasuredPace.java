package dev.luthier.app.pace;

import dev.luthier.platform.estimate.Pace;
import dev.luthier.platform.estimate.PaceProbe;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.wire.Json;
import dev.luthier.wire.bench.BenchFailure;
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
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;

/// Lets a trainer's process take some steps on rows of its own, short and long, and draws a line
/// through the times of its steps. What was measured is kept in the data folder, under the base,
/// the build and the machine that it is true for.
public final class MeasuredPace implements PaceProbe {
  private static final String FOLDER = "paces";
  private static final long PATIENCE_SECONDS = 90;
  private static final int QUOTED_MAX = 300;
  private static final int RANK = 16;
  private static final double LEARNING_RATE = 5e-4;
  private static final double FULL_LEARNING_RATE = 2e-5;

  private final Path data;
  private final Supplier<ProcessBuilder> bench;
  private final BooleanSupplier busy;

  /// Measures nothing yet.
  ///
  /// @param data the data folder
  /// @param bench makes the process that measures; its arguments are added
  /// @param busy whether a job trains; what is measured beside one would be too slow, and is not
  ///   kept
  public MeasuredPace(Path data, Supplier<ProcessBuilder> bench, BooleanSupplier busy) {
    this.data = data;
    this.bench = bench;
    this.busy = busy;
  }

  /// What was measured, and for what it is true.
  record Kept(String key, Pace pace) {}

  @Override
  public synchronized Pace measure(BaseModel base, boolean allWeights)
      throws IOException, InterruptedException {
    Optional<Pace> known = known(base, allWeights);
    if (known.isPresent()) {
      return known.get();
    }
    if (busy.getAsBoolean()) {
      throw new IOException("a job is training; ask again when it is done");
    }
    Pace pace = ProbeFit.fit(run(base, allWeights));
    if (busy.getAsBoolean()) {
      return pace;
    }
    Path file = file(base, allWeights);
    Files.createDirectories(data.resolve(FOLDER));
    Files.writeString(file, Json.text(new Kept(key(), pace)));
    return pace;
  }

  private Path file(BaseModel base, boolean allWeights) {
    return data.resolve(FOLDER).resolve(base.id() + (allWeights ? ".full.json" : ".json"));
  }

  private String key() {
    return Build.name() + ", " + Machine.name();
  }

  @Override
  public Optional<Pace> known(BaseModel base, boolean allWeights) throws IOException {
    Path file = file(base, allWeights);
    String key = key();
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      Kept kept = Json.read(Files.readString(file), Kept.class);
      return kept.key().equals(key) ? Optional.of(kept.pace()) : Optional.empty();
    } catch (JacksonException _) {
      return Optional.empty(); // Of another program: measured anew and written over.
    }
  }

  private TrainingBenchReport run(BaseModel base, boolean allWeights)
      throws IOException, InterruptedException {
    Path rows = Files.createTempFile("luthier-pace-", ".jsonl");
    Path said = Files.createTempFile("luthier-pace-", ".out");
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
      ProcessBuilder builder = bench.get();
      builder.command().addAll(List.of("train", Json.text(request)));
      builder.redirectError(ProcessBuilder.Redirect.DISCARD).redirectOutput(said.toFile());
      return report(builder.start(), said);
    } finally {
      Files.deleteIfExists(rows);
      Files.deleteIfExists(said);
    }
  }

  private static TrainingBenchReport report(Process process, Path said)
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
      return report(Files.readString(said).strip());
    } finally {
      process.destroy();
      Runtime.getRuntime().removeShutdownHook(end);
    }
  }

  private static TrainingBenchReport report(String line) throws IOException {
    try {
      return Json.read(line, TrainingBenchReport.class);
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
