package dev.luthier.worker.inference;

import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraSettings;
import dev.luthier.engine.model.Families;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.train.Directive;
import dev.luthier.engine.train.EpochEnd;
import dev.luthier.engine.train.StepMetrics;
import dev.luthier.engine.train.TrainingData;
import dev.luthier.engine.train.TrainingExample;
import dev.luthier.engine.train.TrainingMethod;
import dev.luthier.engine.train.TrainingObserver;
import dev.luthier.engine.train.TrainingRun;
import dev.luthier.engine.train.TrainingSettings;
import dev.luthier.text.EncodedRow;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.ChatRow;
import dev.luthier.wire.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Adapters that the engine makes in about a second.
final class TinyAdapter {
  private static final int STEPS = 60;

  private TinyAdapter() {}

  /// Learns one question's answer by heart and writes the adapter to `folder`.
  static Path trained(Path base, Path folder, String question, String answer) throws IOException {
    var lora = LoraSettings.standard();
    var method = new TrainingMethod.Lora(lora);
    var settings = new TrainingSettings(STEPS, 1, 2e-2, 0, 1.0, method, 7, Precision.FP32, STEPS);
    var data = new TrainingData(List.of(example(base, question, answer)), List.of());
    try (var model = Families.open(base, settings.precision());
        var run =
            TrainingRun.start(
                model,
                LoraAdapter.fresh(model.config(), lora, settings.seed()),
                data,
                settings,
                folder.resolveSibling("state"))) {
      run.run(new LastAdapter(folder));
    }
    return folder;
  }

  private static TrainingExample example(Path base, String question, String answer)
      throws IOException {
    var messages = Json.mapper().createArrayNode();
    messages.addObject().put("role", "user").put("content", question);
    messages.addObject().put("role", "assistant").put("content", answer);
    try (ModelText text = ModelText.open(base)) {
      EncodedRow row =
          text.encodeRow(new ChatRow(1, messages, Optional.empty()), text.contextLength());
      return new TrainingExample(row.tokens(), row.trained());
    }
  }

  private record LastAdapter(Path folder) implements TrainingObserver {
    @Override
    public Directive beforeStep(int step) {
      return Directive.CONTINUE;
    }

    @Override
    public void stepDone(StepMetrics metrics) {}

    @Override
    public void epochDone(EpochEnd end) throws IOException {
      if (end.last()) {
        end.writeWeights(folder, "tiny");
      }
    }

    @Override
    public void stateSaved(int completedSteps, Path file) {}
  }
}
