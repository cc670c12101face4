package dev.luthier.worker.trainer;

import dev.luthier.engine.infer.GeneratorSettings;
import dev.luthier.engine.infer.TokenConstraint;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.train.Directive;
import dev.luthier.engine.train.EpochEnd;
import dev.luthier.engine.train.PolicyAnswers;
import dev.luthier.engine.train.ReinforcementData;
import dev.luthier.engine.train.ReinforcementSettings;
import dev.luthier.engine.train.StepMetrics;
import dev.luthier.engine.train.TrainingObserver;
import dev.luthier.engine.train.TrainingResult;
import dev.luthier.text.ModelText;
import dev.luthier.text.grammar.AnswerForm;
import dev.luthier.text.grammar.AnswerForms;
import dev.luthier.text.rows.PromptRow;
import dev.luthier.wire.internal.TrainerJob;
import dev.luthier.worker.GuidedTokens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A job of reinforcement: training with a decoder beside it, whose adapter is replaced at every
/// step, and a server that judges what it says.
record ReinforcementJob(
    EngineTraining training, Assignment assignment, TrainerJob.Method.Reinforcement asked) {
  /// Answers that are drawn at a time, and that may wait.
  private static final int DRAWN_TOGETHER = 16;

  private static final int DRAWN_WAITING = 512;

  TrainingResult run(Consumer<String> warnings, TrainingObserver observer) throws IOException {
    Path base = Path.of(assignment.job().base().folder());
    Path scratch = Objects.requireNonNull(assignment.stateFile().getParent());
    var decoding =
        new GeneratorSettings(
            training.compute().precision(), DRAWN_TOGETHER, DRAWN_WAITING, 2, Device.threads());
    List<PromptRow> rows = PromptEncoder.read("training", assignment.trainingRows());
    List<PromptRow> validation =
        assignment.validationRows().isPresent()
            ? PromptEncoder.read("validation", assignment.validationRows().get())
            : List.of();
    try (ModelText text = ModelText.open(base);
        var answers =
            new PolicyAnswers(
                base, decoding, scratch, asked.answerTokensMax(), text.endTokens(), forms(text))) {
      var tally = new StepTally(System::nanoTime);
      ReinforcementData data = data(text, answers, rows, validation, tally);
      return training
          .telling(Map.of("items_sha256", RunManifest.itemsSum(rows)))
          .run(
              assignment.job(),
              () -> data,
              assignment.stateFile(),
              warnings,
              new Telling(observer, tally));
    }
  }

  /// Adds to each step what its answers came to.
  private record Telling(TrainingObserver observer, StepTally tally) implements TrainingObserver {
    @Override
    public Directive beforeStep(int step) {
      return observer.beforeStep(step);
    }

    @Override
    public void stepDone(StepMetrics metrics) throws IOException {
      observer.stepDone(metrics.telling(tally.take(metrics.seconds())));
    }

    @Override
    public void epochDone(EpochEnd end) throws IOException {
      observer.epochDone(end);
    }

    @Override
    public void stateSaved(int completedSteps, Path file) throws IOException {
      observer.stateSaved(completedSteps, file);
    }
  }

  private Supplier<Optional<TokenConstraint>> forms(ModelText text) {
    if (asked.form().isEmpty()) {
      return Optional::empty;
    }
    var json = new AnswerForm.Json(asked.form().get().schema(), asked.form().get().strict());
    var forms = new AnswerForms(text.tokenizer(), text.endTokens());
    return () -> Optional.of(new GuidedTokens(forms.guide(AnswerForm.of(json))));
  }

  private ReinforcementData data(
      ModelText text,
      PolicyAnswers answers,
      List<PromptRow> rows,
      List<PromptRow> validation,
      StepTally tally) {
    var prompts = new PromptEncoder(text);
    return new ReinforcementData(
        prompts.encode("training", rows),
        prompts.encode("validation", validation),
        new ReinforcementSettings(asked.group(), asked.evalSamples(), asked.nearness()),
        tally.timed(answers),
        new ServerRewards(text, rows, validation, assignment.grading(), tally));
  }
}
