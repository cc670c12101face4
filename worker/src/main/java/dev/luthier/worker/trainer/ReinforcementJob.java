package dev.luthier.worker.trainer;

import dev.luthier.engine.infer.GeneratorSettings;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.train.PolicyAnswers;
import dev.luthier.engine.train.ReinforcementData;
import dev.luthier.engine.train.ReinforcementSettings;
import dev.luthier.engine.train.TrainingObserver;
import dev.luthier.engine.train.TrainingResult;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.PromptRow;
import dev.luthier.wire.internal.TrainerJob;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

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
            new PolicyAnswers(base, decoding, scratch, asked.answerTokensMax(), text.endTokens())) {
      ReinforcementData data = data(text, answers, rows, validation);
      return training
          .telling(Map.of("items_sha256", RunManifest.itemsSum(rows)))
          .run(assignment.job(), () -> data, assignment.stateFile(), warnings, observer);
    }
  }

  private ReinforcementData data(
      ModelText text, PolicyAnswers answers, List<PromptRow> rows, List<PromptRow> validation) {
    var prompts = new PromptEncoder(text);
    return new ReinforcementData(
        prompts.encode("training", rows),
        prompts.encode("validation", validation),
        new ReinforcementSettings(asked.group(), asked.evalSamples(), asked.nearness()),
        answers,
        new ServerRewards(text, rows, validation, assignment.grading()));
  }
}
