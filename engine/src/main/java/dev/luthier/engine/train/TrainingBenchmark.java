package dev.luthier.engine.train;

import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.model.Families;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Times the training loop on rows that are tokens already and prints one JSON line: a program for
/// `benchmarks/train_vs_peft.py`, which gives a PyTorch + PEFT loop the same rows in the order
/// printed.
///
/// Arguments: base folder, rows (JSON lines of `tokens` and `trained`), epochs, batch size,
/// learning rate, bf16 or fp32, folder for the adapters: `start` (made first, so that a peer starts
/// from the same numbers) and `end`.
public final class TrainingBenchmark {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final long SEED = 42;

  private TrainingBenchmark() {}

  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 7) {
      throw new IllegalArgumentException(
          "needs: BASE-FOLDER ROWS EPOCHS BATCH-SIZE LEARNING-RATE bf16|fp32 ADAPTERS-FOLDER");
    }
    var data = new TrainingData(rows(Path.of(arguments[1])), List.of());
    var precision = Precision.valueOf(arguments[5].toUpperCase(Locale.ROOT));
    int epochs = Integer.parseInt(arguments[2]);
    int batchSize = Integer.parseInt(arguments[3]);
    double rate = Double.parseDouble(arguments[4]);
    var standard =
        TrainingSettings.standard(data.training().size(), epochs, batchSize, 1, SEED, precision);
    var settings =
        new TrainingSettings(
            epochs,
            batchSize,
            rate,
            0,
            standard.maxGradientNorm(),
            standard.lora(),
            SEED,
            precision,
            standard.validationEverySteps());
    try (var _ = Scope.open();
        var model = Families.open(Path.of(arguments[0]), precision)) {
      System.out.println(measure(model, data, settings, Path.of(arguments[6])));
    }
  }

  private static ObjectNode measure(
      Decoder model, TrainingData data, TrainingSettings settings, Path folder) throws IOException {
    var adapter = LoraAdapter.fresh(model.config(), settings.lora(), settings.seed());
    PeftFolder.write(folder.resolve("start"), adapter, "base");
    var report = JSON.createObjectNode();
    var losses = report.putArray("step_losses");
    var seconds = report.putArray("step_seconds");
    var tokens = report.putArray("step_tokens");
    var order = report.putArray("row_order");
    var rows = new RowOrder(settings.seed(), data.training().size(), settings.batchSize());
    var state = folder.resolve("state.safetensors");
    try (var run = TrainingRun.start(model, adapter, data, settings, state)) {
      run.run(
          new TrainingObserver() {
            @Override
            public Directive beforeStep(int step) {
              var batch = order.addArray();
              rows.batch(step).forEach(batch::add);
              return Directive.CONTINUE;
            }

            @Override
            public void stepDone(StepMetrics metrics) {
              losses.add(metrics.train().loss());
              seconds.add(metrics.seconds());
              tokens.add(metrics.tokens());
            }

            @Override
            public void epochDone(EpochEnd end) throws IOException {
              if (end.last()) {
                end.writeAdapter(folder.resolve("end"), "base");
              }
            }

            @Override
            public void stateSaved(int completedSteps, Path file) {
              throw new IllegalStateException("nobody asked for a resume state");
            }
          });
    }
    return report;
  }

  private static List<TrainingExample> rows(Path file) throws IOException {
    var rows = new ArrayList<TrainingExample>();
    for (var line : Files.readAllLines(file)) {
      var row = JSON.readTree(line);
      var tokens = new int[row.path("tokens").size()];
      var trained = new boolean[tokens.length];
      for (int t = 0; t < tokens.length; t++) {
        tokens[t] = row.path("tokens").get(t).asInt();
        trained[t] = row.path("trained").get(t).asBoolean();
      }
      rows.add(new TrainingExample(tokens, trained));
    }
    return rows;
  }
}
