package dev.luthier.worker.trainer;

import dev.luthier.engine.full.FullWeights;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraSettings;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.model.Families;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.ComputeType;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.train.EarlyStopping;
import dev.luthier.engine.train.Machinery;
import dev.luthier.engine.train.PreferenceData;
import dev.luthier.engine.train.RunData;
import dev.luthier.engine.train.TrainingData;
import dev.luthier.engine.train.TrainingMethod;
import dev.luthier.engine.train.TrainingObserver;
import dev.luthier.engine.train.TrainingResult;
import dev.luthier.engine.train.TrainingRun;
import dev.luthier.engine.train.TrainingSettings;
import dev.luthier.text.ModelText;
import dev.luthier.wire.internal.TrainerJob;
import dev.luthier.worker.server.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Trains with the engine: LoRA on a base, from its first step, from a parent's adapter, or from a
/// resume state; or all weights of the base.
///
/// @param method what is trained; with LoRA the shape of an adapter that is made fresh
/// @param compute the type that products are computed in
/// @param manifest hears before the first step what the run's losses follow from
record EngineTraining(
    TrainingMethod method, ComputeType compute, Consumer<Map<String, String>> manifest)
    implements Training {
  private static final Logger LOG = LoggerFactory.getLogger(EngineTraining.class);

  private static final String TRAINING = "training";
  private static final String VALIDATION = "validation";

  /// As jobs are trained on this machine.
  static EngineTraining standard(Consumer<Map<String, String>> manifest) {
    return new EngineTraining(
        new TrainingMethod.Lora(LoraSettings.standard()), Device.computeType(), manifest);
  }

  /// The same, whose manifest has more pairs.
  EngineTraining telling(Map<String, String> more) {
    return new EngineTraining(
        method,
        compute,
        facts -> {
          var all = new TreeMap<>(facts);
          all.putAll(more);
          manifest.accept(all);
        });
  }

  @Override
  public TrainingResult run(
      Assignment assignment, Consumer<String> warnings, TrainingObserver observer)
      throws IOException {
    TrainerJob job = assignment.job();
    if (job.method() instanceof TrainerJob.Method.Reinforcement asked) {
      return new ReinforcementJob(this, assignment, asked).run(warnings, observer);
    }
    // Side by side: the rows are one thread's work for as long as the base is made ready.
    try (var rows =
        new Ahead<>(
            "read-rows",
            () -> data(job, assignment.trainingRows(), assignment.validationRows(), warnings))) {
      return run(job, rows::get, assignment.stateFile(), warnings, observer);
    }
  }

  /// Rows that are encoded, or will be.
  @FunctionalInterface
  interface Rows {
    RunData get() throws IOException;
  }

  /// Trains on rows that are asked for when the base is ready.
  TrainingResult run(
      TrainerJob job,
      Rows rows,
      Path stateFile,
      Consumer<String> warnings,
      TrainingObserver observer)
      throws IOException {
    LOG.info("{} with {} threads", compute, Device.threads());
    try (Decoder model = Families.open(Path.of(job.base().folder()), compute.precision());
        TrainingRun run = open(model, job, rows, stateFile)) {
      run.changeOfDevice().ifPresent(warnings);
      LOG.info("{} steps in {} epochs", run.totalSteps(), job.hyperparameters().epochs());
      return run.run(observer);
    }
  }

  /// The rows, encoded for the job's base.
  static RunData data(
      TrainerJob job, Path training, Optional<Path> validation, Consumer<String> warnings)
      throws IOException {
    try (ModelText text = ModelText.open(Path.of(job.base().folder()))) {
      var rows = new RowEncoder(text, warnings);
      return switch (job.method()) {
        case TrainerJob.Method.Supervised() ->
            new TrainingData(
                rows.encode(TRAINING, training),
                validation.isPresent() ? rows.encode(VALIDATION, validation.get()) : List.of());
        case TrainerJob.Method.Dpo(var beta) ->
            new PreferenceData(
                rows.encodePairs(TRAINING, training),
                validation.isPresent() ? rows.encodePairs(VALIDATION, validation.get()) : List.of(),
                beta);
        case TrainerJob.Method.Reinforcement _ ->
            throw new RefusedException("Prompts are no rows to learn by heart");
      };
    }
  }

  private TrainingRun open(Decoder model, TrainerJob job, Rows rows, Path stateFile)
      throws IOException {
    Machinery machinery =
        switch (trained(job)) {
          case TrainingMethod.Lora(LoraSettings lora) ->
              Machinery.of(model, adapter(lora, job, model), job.seed());
          case TrainingMethod.FullWeights() -> full(model, job);
        };
    try {
      LOG.info("the base is ready");
      RunData data = rows.get();
      LOG.info("{} rows, {} validation rows", data.rows(), data.validationRows());
      manifest.accept(RunManifest.of(job, data, compute));
      TrainingSettings settings = settings(job, data, machinery.method(), model);
      if (job.resumeStep().isEmpty()) {
        return TrainingRun.start(machinery, data, settings, stateFile);
      }
      LOG.info("going on after step {}", job.resumeStep().get());
      return TrainingRun.resume(machinery, data, settings, stateFile);
    } catch (IOException | RuntimeException e) {
      machinery.close();
      throw e;
    }
  }

  private static Machinery full(Decoder model, TrainerJob job) throws IOException {
    if (!(model instanceof LlamaModel llama)) {
      throw new IllegalArgumentException(
          "all weights of " + job.base().id() + " cannot be trained, as it is no Llama");
    }
    return Machinery.of(llama, FullWeights.read(Path.of(job.base().folder()), model.config()));
  }

  /// What is trained, as the job wants it; a bench asks for other things by `method`.
  private TrainingMethod trained(TrainerJob job) {
    return switch (job.hyperparameters().trained()) {
      case TrainerJob.Trained.AllWeights() -> new TrainingMethod.FullWeights();
      case TrainerJob.Trained.Adapter asked ->
          switch (method) {
            case TrainingMethod.FullWeights() -> method;
            case TrainingMethod.Lora(LoraSettings standard) ->
                new TrainingMethod.Lora(shaped(standard, asked));
          };
    };
  }

  /// Twice the rank is alpha where only that is said.
  private static LoraSettings shaped(LoraSettings standard, TrainerJob.Trained.Adapter asked) {
    int rank = asked.rank().orElse(standard.rank());
    return new LoraSettings(
        rank,
        asked.alpha().orElse(standard.scale() * rank),
        asked.dropout().orElse(standard.dropout()),
        standard.targets());
  }

  private static LoraAdapter adapter(LoraSettings lora, TrainerJob job, Decoder model)
      throws IOException {
    Optional<Path> parent = job.parentAdapter().map(Path::of);
    return parent.isPresent()
        ? PeftFolder.read(parent.get(), model.config())
        : LoraAdapter.fresh(model.config(), lora, job.seed());
  }

  private static TrainingSettings settings(
      TrainerJob job, RunData data, TrainingMethod method, Decoder model) {
    TrainerJob.Hyperparameters asked = job.hyperparameters();
    TrainingSettings standard =
        TrainingSettings.standard(
            data.rows(),
            asked.epochs(),
            asked.batchSize(),
            asked.learningRate(),
            method,
            job.seed(),
            model.precision());
    long steps =
        (long) asked.epochs() * TrainingSettings.stepsPerEpoch(data.rows(), asked.batchSize());
    TrainingSettings shaped =
        standard.with(
            asked
                .warmupRatio()
                .map(share -> Math.toIntExact(Math.round(share * steps)))
                .orElse(standard.warmupSteps()),
            asked.earlyStopping().map(rule -> new EarlyStopping(rule.patience(), rule.minDelta())));
    return job.method() instanceof TrainerJob.Method.Reinforcement reinforcement
        ? shaped.lookingEvery(reinforcement.evalInterval())
        : shaped;
  }
}
