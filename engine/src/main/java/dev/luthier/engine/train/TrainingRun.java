package dev.luthier.engine.train;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.full.FullWeights;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraLayout;
import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.model.MasterWeights;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.tensor.Numbers;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.train.gradient.GradientSource;
import dev.luthier.engine.weights.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// One run over the rows: the loop that all training shares. Belongs to the thread that made it.
///
/// A step's batch is cut into packs, whose gradients are computed one after another and summed in
/// order, as its [Objective] says. What a step finds out is read together at its end, so that a GPU
/// is waited for once. Everything a step does is a function of its number, so a run that goes on
/// from its resume state computes the bits it would have computed.
public final class TrainingRun implements AutoCloseable {
  private static final long PACKS_PER_STEP_MAX = 1L << 20;

  private final Machinery machinery;
  private final MasterWeights masters;
  private final RunData data;
  private final TrainingSettings settings;
  private final Path stateFile;
  private final String fingerprint;
  private final RowOrder order;
  private final Schedule schedule;
  private final Crew crew;
  private final GradientSource source;
  private final Objective objective;
  private final AdamW optimizer;
  private final Scope owner = Scope.detached();
  private final Tensor gradient;
  private final Patience patience;
  private int completedSteps;
  private long trainedTokens;
  private Optional<String> earlierDevice = Optional.empty();

  private TrainingRun(
      Machinery machinery, RunData data, TrainingSettings settings, Path stateFile) {
    if (machinery.model.precision() != settings.precision()) {
      throw new TrainingException(
          "the base is open in %s, but the run computes in %s"
              .formatted(machinery.model.precision(), settings.precision()));
    }
    this.machinery = machinery;
    this.masters = machinery.masters;
    this.data = data;
    this.settings = settings;
    this.stateFile = stateFile;
    this.fingerprint = Fingerprint.of(machinery.model.config(), data, settings);
    this.order = new RowOrder(settings.seed(), data.rows(), settings.batchSize());
    this.schedule = new Schedule(settings.learningRate(), settings.warmupSteps(), totalSteps());
    this.crew = machinery.crew;
    this.source = machinery.source;
    this.objective = Objective.of(data, source, masters, settings.seed());
    this.patience = new Patience(settings.earlyStopping());
    this.optimizer = new AdamW(masters.parameters(), crew);
    try (var _ = Scope.open()) {
      this.gradient = Tensor.zeros(DType.F32, masters.parameters().elements()).moveTo(owner);
    }
  }

  /// A run from its first step. Takes over the adapter (fresh, or a parent's to go on from) and
  /// writes its resume state to `stateFile` when told to.
  public static TrainingRun start(
      Decoder model, LoraAdapter adapter, RunData data, TrainingSettings settings, Path stateFile) {
    check(new TrainingMethod.Lora(adapter.settings()), settings);
    return start(Machinery.of(model, adapter, settings.seed()), data, settings, stateFile);
  }

  /// A run over all weights from its first step; takes over `weights`, which begin as the base's.
  public static TrainingRun start(
      LlamaModel model,
      FullWeights weights,
      RunData data,
      TrainingSettings settings,
      Path stateFile) {
    check(new TrainingMethod.FullWeights(), settings);
    return start(Machinery.of(model, weights), data, settings, stateFile);
  }

  /// A run from its first step with what was made for it; takes that over, unless this throws.
  public static TrainingRun start(
      Machinery machinery, RunData data, TrainingSettings settings, Path stateFile) {
    check(machinery.method(), settings);
    return new TrainingRun(machinery, data, settings, stateFile);
  }

  private static void check(TrainingMethod given, TrainingSettings settings) {
    if (!given.equals(settings.method())) {
      throw new TrainingException(
          "what is given to start from is %s, but the run asks for %s"
              .formatted(given, settings.method()));
    }
  }

  /// Goes on with an adapter from a resume state; refuses one that was made with other rows or
  /// settings.
  public static TrainingRun resume(
      Decoder model, RunData data, TrainingSettings settings, Path stateFile) throws IOException {
    if (!(settings.method() instanceof TrainingMethod.Lora(var lora))) {
      throw new TrainingException("an adapter's run goes on, but asked is " + settings.method());
    }
    var adapter = LoraAdapter.blank(LoraLayout.of(model.config(), lora));
    return start(model, adapter, data, settings, stateFile).goingOn();
  }

  /// Goes on with all weights; takes over `weights`, whose numbers come from the state.
  public static TrainingRun resume(
      LlamaModel model,
      FullWeights weights,
      RunData data,
      TrainingSettings settings,
      Path stateFile)
      throws IOException {
    return start(model, weights, data, settings, stateFile).goingOn();
  }

  /// Goes on with what was made for it, whose masters' numbers come from the state; takes it over.
  public static TrainingRun resume(
      Machinery machinery, RunData data, TrainingSettings settings, Path stateFile)
      throws IOException {
    return start(machinery, data, settings, stateFile).goingOn();
  }

  private TrainingRun goingOn() throws IOException {
    try {
      var state =
          ResumeState.read(
              stateFile, fingerprint, masters.parameters(), optimizer, objective.constants());
      completedSteps = state.completedSteps();
      trainedTokens = state.trainedTokens();
      patience.goOnFrom(state.patience());
      earlierDevice = Optional.of(state.device());
      source.parametersChanged();
      return this;
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  public int totalSteps() {
    return Math.multiplyExact(settings.epochs(), order.stepsPerEpoch());
  }

  /// What is to be said where a run goes on on another kind of processor than it was interrupted
  /// on.
  public Optional<String> changeOfDevice() {
    var now = Device.current().text();
    return earlierDevice
        .filter(device -> !device.equals(now))
        .map(device ->
            "The first %d steps were computed on %s, the others are on %s: their losses differ in the last digits from those of a run without the interruption."
                .formatted(completedSteps, device, now));
  }

  public int completedSteps() {
    return completedSteps;
  }

  /// Runs until the last step, until patience is over at the end of an epoch, or until the observer
  /// says to stop.
  public TrainingResult run(TrainingObserver observer) throws IOException {
    if (!objective.prepare(() -> observer.beforeStep(completedSteps + 1) != Directive.STOP)) {
      return new TrainingResult(false, completedSteps, trainedTokens);
    }
    while (!isDone()) {
      switch (observer.beforeStep(completedSteps + 1)) {
        case CONTINUE -> {}
        case SAVE -> save(observer);
        case STOP -> {
          save(observer);
          return new TrainingResult(false, completedSteps, trainedTokens);
        }
      }
      var metrics = step(completedSteps + 1);
      observer.stepDone(metrics);
      if (order.endsEpoch(completedSteps)) {
        metrics.fullValidation().ifPresent(full -> patience.epochEnded(full.loss()));
      }
      if (looksAtAllRows(completedSteps)) {
        observer.epochDone(new End(metrics));
      }
    }
    return new TrainingResult(true, completedSteps, trainedTokens);
  }

  private boolean isDone() {
    return completedSteps == totalSteps() || patience.isOver();
  }

  private void save(TrainingObserver observer) throws IOException {
    new ResumeState(
            completedSteps,
            trainedTokens,
            patience.standing(),
            fingerprint,
            Device.current().text())
        .write(stateFile, masters.parameters(), optimizer, objective.constants());
    observer.stateSaved(completedSteps, stateFile);
  }

  private StepMetrics step(int step) {
    long started = System.nanoTime();
    try (var _ = Scope.open()) {
      var rows = order.batch(step);
      optimizer.clear(gradient);
      var train = objective.accumulate(rows, step * PACKS_PER_STEP_MAX, gradient);
      double learningRate = schedule.at(step);
      // A batch without targets teaches nothing and must not move the weights.
      var norm = train.isEmpty() ? Numbers.known(0) : update(step, learningRate);
      boolean looks = looksAt(step) && !objective.looksAtAllRows();
      var look = looks ? objective.evaluate(validationRows(step)) : Look.NONE;
      var full = looksAtAllRows(step) ? objective.evaluate(validationRows()) : Look.NONE;
      Numbers.read(List.of(norm, train.sums(), look.sums(), full.sums()));
      refuseInfinite(step, norm.at(0));
      completedSteps = step;
      long tokens = objective.tokens(rows);
      trainedTokens += tokens;
      return new StepMetrics(
          step,
          totalSteps(),
          order.epoch(step),
          train.mean(),
          meanOfAny(look),
          meanOfAny(full),
          measures(train, look, full),
          learningRate,
          norm.at(0),
          tokens,
          (System.nanoTime() - started) / 1e9);
    }
  }

  private Numbers update(int step, double learningRate) {
    var norm = optimizer.step(step, learningRate, gradient, settings.maxGradientNorm());
    source.parametersChanged();
    return norm;
  }

  private void refuseInfinite(int step, double norm) {
    if (!Double.isFinite(norm)) {
      throw new TrainingException(
          "the gradient of step %d is not finite; a smaller learning rate than %s may help"
              .formatted(step, settings.learningRate()));
    }
  }

  private boolean looksAt(int step) {
    return step % settings.validationEverySteps() == 0;
  }

  /// At ends of epochs, and wherever this objective looks at all.
  private boolean looksAtAllRows(int step) {
    return order.endsEpoch(step) || (looksAt(step) && objective.looksAtAllRows());
  }

  /// The validation rows that a step looks at: as many as a batch, moving on from look to look.
  private List<Integer> validationRows(int step) {
    int all = data.validationRows();
    long first = (step / settings.validationEverySteps() - 1L) * settings.batchSize();
    return IntStream.range(0, Math.min(settings.batchSize(), all))
        .mapToObj(i -> (int) ((first + i) % all))
        .toList();
  }

  private List<Integer> validationRows() {
    return IntStream.range(0, data.validationRows()).boxed().toList();
  }

  private static Optional<LossAndAccuracy> meanOfAny(Look look) {
    return look.isEmpty() ? Optional.empty() : Optional.of(look.mean());
  }

  private static Map<String, Double> measures(Look train, Look look, Look full) {
    var all = new TreeMap<String, Double>();
    train.measures().forEach((name, mean) -> all.put("train_" + name, mean));
    look.measures().forEach((name, mean) -> all.put("valid_" + name, mean));
    full.measures().forEach((name, mean) -> all.put("full_valid_" + name, mean));
    return all;
  }

  @Override
  public void close() {
    objective.close();
    optimizer.close();
    owner.close();
    machinery.close();
  }

  private final class End implements EpochEnd {
    private final StepMetrics metrics;

    End(StepMetrics metrics) {
      this.metrics = metrics;
    }

    @Override
    public int step() {
      return metrics.step();
    }

    @Override
    public int epoch() {
      return metrics.epoch();
    }

    @Override
    public boolean last() {
      return isDone();
    }

    @Override
    public boolean best() {
      return patience.isBest();
    }

    @Override
    public StepMetrics metrics() {
      return metrics;
    }

    @Override
    public void writeWeights(Path folder, String baseName) throws IOException {
      masters.write(folder, baseName);
    }
  }
}
