package dev.luthier.app.cli;

import dev.luthier.app.config.Config;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.platform.trainer.TrainerDesk;
import dev.luthier.wire.Json;
import dev.luthier.wire.bench.TrainingBenchReport;
import dev.luthier.wire.bench.TrainingBenchRequest;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `luthier bench train`: steps of a job, timed.
@Command(
    name = "train",
    description = {
      "Trains on a file of rows for some steps, as a job does, and keeps nothing.",
      "Here --data is the file of rows; the data folder is LUTHIER_DATA's, or that of"
          + " `luthier --data FOLDER bench train ...`.",
      "",
      "tokens_per_second counts real tokens, none of them padding, over the steps after the first"
          + " 5 (the first half if there are fewer than 10), which warm up.",
      "supervised_tokens_per_second counts those tokens that the loss is made of.",
      "first_step_seconds runs from the start of the process to the end of its first step: Java,"
          + " rows, weights, compilers.",
      "peak_rss_bytes is the most memory of the process, mapped weights included.",
      "step_losses, step_tokens and step_seconds hold a number for each step.",
    })
final class BenchTrainCommand implements Callable<Integer> {
  private static final double FULL_LEARNING_RATE = 2e-5;

  private final LuthierCommand luthier;

  private Path rows = Path.of("");

  @Option(
      names = "--model",
      paramLabel = "M",
      description = "the base to train (default: the server's); fetched first if it is not there")
  private Optional<String> model = Optional.empty();

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "rows a step (default: ${DEFAULT-VALUE})")
  private int batchSize = 1;

  @Option(
      names = "--steps",
      paramLabel = "K",
      description = "steps; the rows are used again when they run out (default: ${DEFAULT-VALUE})")
  private int steps = 20;

  @Option(
      names = "--rank",
      paramLabel = "R",
      description = "of the adapter; its alpha is twice that (default: ${DEFAULT-VALUE})")
  private int rank = 16;

  @Option(
      names = "--full-weights",
      description = {
        "trains all weights in place of an adapter: to be measured only, jobs cannot ask for it yet"
      })
  private boolean fullWeights;

  @Option(
      names = "--learning-rate",
      paramLabel = "X",
      description = "peak; falls to 0 with the last epoch (default: 5e-4, full weights 2e-5)")
  private Optional<Double> learningRate = Optional.empty();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "of the rows' order and the adapter (default: ${DEFAULT-VALUE})")
  private long seed = 42;

  @Option(
      names = "--precision",
      paramLabel = "P",
      description = "bf16 or fp32 (default: what jobs take on this machine)")
  private Optional<Precision> precision = Optional.empty();

  @Option(
      names = "--export",
      paramLabel = "FOLDER",
      description = {
        "writes what another program needs to repeat the run: the adapter it started from (start/)"
            + " and the encoded rows, their order and the learning rates (plan.json)"
      })
  private Optional<Path> export = Optional.empty();

  @Option(names = "--json", description = "one JSON object on one line, and nothing else")
  private boolean json;

  enum Precision {
    bf16,
    fp32
  }

  BenchTrainCommand(LuthierCommand luthier) {
    this.luthier = luthier;
  }

  void rows(Path file) {
    rows = file;
  }

  @Override
  public Integer call() throws Exception {
    Bench.atLeastOne("--batch-size", batchSize);
    Bench.atLeastOne("--steps", steps);
    Bench.atLeastOne("--rank", rank);
    double rate = rate();
    Config config = luthier.session().config();
    Bench bench = new Bench(luthier.surroundings(), config, json);
    String base = bench.model(model);
    String folder = bench.folder(base);
    bench.check(rows);
    String line =
        bench.measure(
            WorkerKind.TRAINER,
            "train",
            new TrainingBenchRequest(
                base,
                folder,
                rows.toAbsolutePath().toString(),
                batchSize,
                steps,
                rank,
                fullWeights,
                rate,
                seed,
                precision.map(Precision::name),
                export.map(path -> path.toAbsolutePath().toString())));
    if (json) {
      luthier.surroundings().out().println(line);
    } else {
      print(luthier.surroundings().out(), Json.read(line, TrainingBenchReport.class));
    }
    return ExitCode.DONE;
  }

  private double rate() {
    double usual = fullWeights ? FULL_LEARNING_RATE : TrainerDesk.BASE_LEARNING_RATE;
    double rate = learningRate.orElse(usual);
    if (!(rate > 0)) {
      throw new CliException(
          ExitCode.USAGE, "--learning-rate is " + rate + "; it must be above 0.");
    }
    return rate;
  }

  private static String trained(TrainingBenchReport report) {
    return report.rank() == 0 ? "all weights" : "rank " + report.rank();
  }

  private static void print(PrintStream out, TrainingBenchReport report) {
    Output.table(
        out,
        List.of(
            List.of("model", report.model() + ", " + report.precision() + ", " + trained(report)),
            List.of("rows", "%,d, %,d a step".formatted(report.rows(), report.batchSize())),
            List.of("tokens a second", "%,.1f".formatted(report.tokensPerSecond())),
            List.of("of them supervised", "%,.1f".formatted(report.supervisedTokensPerSecond())),
            List.of("first step after", "%.1f s".formatted(report.firstStepSeconds())),
            List.of("peak memory", "%,d MB".formatted(report.peakRssBytes() / 1_000_000)),
            List.of(
                "loss",
                "%.4f in step 1, %.4f in step %,d"
                    .formatted(
                        report.stepLosses().getFirst(),
                        report.stepLosses().getLast(),
                        report.steps()))));
  }
}
