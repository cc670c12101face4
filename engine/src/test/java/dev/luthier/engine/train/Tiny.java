package dev.luthier.engine.train;

import dev.luthier.engine.lora.LoraSettings;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The tiny random model that `src/test/python/make_training_fixture.py` made, with what
/// transformers and peft computed from it.
public final class Tiny {
  static final LoraSettings LORA = new LoraSettings(4, 8, 0, EnumSet.allOf(LinearName.class));
  static final int STEPS = 20;
  static final int BATCH = 2;

  private Tiny() {}

  public static Path folder() {
    try {
      return Path.of(Objects.requireNonNull(Tiny.class.getResource("tiny")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static LlamaModel model(Precision precision) {
    try {
      return LlamaModel.open(folder(), precision);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode expected() {
    return read("expected.json");
  }

  static JsonNode read(String name) {
    try {
      return JsonMapper.shared().readTree(Files.readAllBytes(folder().resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode expected(Precision precision) {
    return expected().path(key(precision));
  }

  static String key(Precision precision) {
    return precision == Precision.FP32 ? "fp32" : "bf16";
  }

  static List<TrainingExample> rows() {
    var rows = new ArrayList<TrainingExample>();
    for (var row : expected().path("rows")) {
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

  /// The settings of the reference's 20 steps, as one epoch.
  static TrainingSettings settings(Precision precision) {
    double rate = expected().path("learning_rate").asDouble();
    return settings(precision, rate, new TrainingMethod.Lora(LORA));
  }

  static TrainingSettings settings(Precision precision, double rate, TrainingMethod method) {
    return new TrainingSettings(1, BATCH, rate, 0, 1.0, method, 42, precision, 10);
  }

  /// The reference takes its rows in turn; these rows are laid out so that the run's own order does
  /// too.
  static TrainingData inTurn(TrainingSettings settings) {
    var rows = rows();
    int count = STEPS * BATCH;
    var order = new RowOrder(settings.seed(), count, BATCH);
    var placed = new TrainingExample[count];
    int next = 0;
    for (int step = 1; step <= STEPS; step++) {
      for (int row : order.batch(step)) {
        placed[row] = rows.get(next++ % rows.size());
      }
    }
    return new TrainingData(Arrays.asList(placed), rows);
  }
}
