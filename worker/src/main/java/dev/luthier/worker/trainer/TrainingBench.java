package dev.luthier.worker.trainer;

import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraSettings;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.tensor.ComputeType;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.train.RowOrder;
import dev.luthier.engine.train.TrainingData;
import dev.luthier.engine.train.TrainingExample;
import dev.luthier.engine.train.TrainingMethod;
import dev.luthier.wire.Json;
import dev.luthier.wire.bench.TrainingBenchReport;
import dev.luthier.wire.bench.TrainingBenchRequest;
import dev.luthier.wire.internal.BaseRef;
import dev.luthier.wire.internal.TrainerJob;
import dev.luthier.worker.ProcessFigures;
import dev.luthier.worker.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Trains as a job does, without a server, and takes the time.
public final class TrainingBench {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingBench.class);

  /// Steps that compilers and caches get before counting begins: at most so many, at most half.
  private static final int WARMUP_STEPS_MAX = 5;

  private final TrainingBenchRequest request;
  private final TrainerJob job;
  private final TrainingData data;
  private final RowOrder order;

  private TrainingBench(TrainingBenchRequest request) throws IOException {
    this.request = request;
    this.data =
        (TrainingData)
            EngineTraining.data(
                job(request, 1), Path.of(request.rowsFile()), Optional.empty(), LOG::warn);
    this.order = new RowOrder(request.seed(), data.rows(), request.batchSize());
    this.job = job(request, Math.ceilDiv(request.steps(), order.stepsPerEpoch()));
  }

  /// Runs the steps that are asked for.
  ///
  /// @throws JobFailure if a row is refused
  public static TrainingBenchReport measure(TrainingBenchRequest request) throws IOException {
    return new TrainingBench(request).measure();
  }

  private static TrainerJob job(TrainingBenchRequest request, int epochs) {
    return new TrainerJob(
        "bench",
        1,
        new BaseRef(request.model(), request.baseFolder()),
        Optional.empty(),
        new TrainerJob.Method.Supervised(),
        new TrainerJob.Hyperparameters(epochs, request.batchSize(), request.learningRate()),
        request.seed(),
        false,
        Optional.empty());
  }

  private TrainingBenchReport measure() throws IOException {
    TrainingMethod method =
        request.fullWeights() ? new TrainingMethod.FullWeights() : new TrainingMethod.Lora(lora());
    ComputeType compute = compute();
    var watch = new StepWatch(request.steps(), Clock.systemUTC());
    try (var folder = TemporaryFolder.make("luthier-bench-")) {
      new EngineTraining(method, compute, _ -> {})
          .run(job, () -> data, folder.path().resolve("state"), LOG::warn, watch);
    }
    long peakRssBytes = ProcessFigures.peakRssBytes();
    if (request.exportFolder().isPresent()) {
      export(Path.of(request.exportFolder().get()), watch.learningRates());
    }
    int warmup = Math.min(WARMUP_STEPS_MAX, request.steps() / 2);
    double seconds = watch.secondsAfter(warmup);
    return new TrainingBenchReport(
        request.model(),
        compute.precision().name().toLowerCase(Locale.ROOT),
        Device.threads(),
        data.rows(),
        request.batchSize(),
        request.fullWeights() ? 0 : request.rank(),
        request.steps(),
        warmup,
        tokens(warmup, TrainingExample::length) / seconds,
        tokens(warmup, TrainingExample::targets) / seconds,
        watch.firstStepSeconds(),
        peakRssBytes,
        watch.losses(),
        watch.tokens(),
        watch.seconds());
  }

  private LoraSettings lora() {
    LoraSettings standard = LoraSettings.standard();
    double alpha = standard.scale() * request.rank();
    return new LoraSettings(request.rank(), alpha, standard.dropout(), standard.targets());
  }

  private ComputeType compute() {
    return request
        .precision()
        .map(name ->
            new ComputeType(Precision.valueOf(name.toUpperCase(Locale.ROOT)), "as was asked for"))
        .orElseGet(Device::computeType);
  }

  private long tokens(int warmup, java.util.function.ToIntFunction<TrainingExample> count) {
    return IntStream.rangeClosed(warmup + 1, request.steps())
        .mapToObj(order::batch)
        .flatMap(List::stream)
        .map(data.training()::get)
        .mapToLong(count::applyAsInt)
        .sum();
  }

  /// What another program needs to repeat the run: the adapter it starts from, in `start/` (all
  /// weights start as the base's), and `plan.json` with the rows as tokens and marks, the rows of
  /// each step by index, and each step's learning rate.
  private void export(Path folder, List<Double> learningRates) throws IOException {
    Files.createDirectories(folder);
    if (!request.fullWeights()) {
      ModelConfig config = ModelConfig.read(Path.of(request.baseFolder()));
      try (var start = LoraAdapter.fresh(config, lora(), request.seed())) {
        PeftFolder.write(folder.resolve("start"), start, request.model());
      }
    }
    var plan = Json.mapper().createObjectNode();
    var rows = plan.putArray("rows");
    for (TrainingExample example : data.training()) {
      var row = rows.addObject();
      var tokens = row.putArray("tokens");
      var trained = row.putArray("trained");
      for (int t = 0; t < example.length(); t++) {
        tokens.add(example.token(t));
        trained.add(example.trained(t));
      }
    }
    var steps = plan.putArray("row_order");
    for (int step = 1; step <= request.steps(); step++) {
      order.batch(step).forEach(steps.addArray()::add);
    }
    learningRates.forEach(plan.putArray("learning_rates")::add);
    Files.write(folder.resolve("plan.json"), Json.bytes(plan));
  }
}
