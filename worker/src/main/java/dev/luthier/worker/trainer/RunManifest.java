package dev.luthier.worker.trainer;

import dev.luthier.engine.tensor.ComputeType;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.train.PreferenceData;
import dev.luthier.engine.train.PreferencePair;
import dev.luthier.engine.train.Prompt;
import dev.luthier.engine.train.ReinforcementData;
import dev.luthier.engine.train.RunData;
import dev.luthier.engine.train.TrainingData;
import dev.luthier.engine.train.TrainingExample;
import dev.luthier.text.rows.PromptRow;
import dev.luthier.wire.Json;
import dev.luthier.wire.internal.TrainerJob;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What the losses of a run follow from, as pairs: who trains with the same pairs gets the same
/// losses.
final class RunManifest {
  private RunManifest() {}

  static Map<String, String> of(TrainerJob job, RunData data, ComputeType compute)
      throws IOException {
    Path base = Path.of(job.base().folder());
    TrainerJob.Hyperparameters numbers = job.hyperparameters();
    Map<String, String> manifest = new TreeMap<>();
    manifest.put("base", job.base().id());
    manifest.put("base_sha256", sha256(base.resolve("base.json")));
    manifest.put("template_sha256", sha256(base.resolve("chat_template.jinja")));
    job.parentAdapter()
        .ifPresent(folder ->
            manifest.put("parent_adapter", String.valueOf(Path.of(folder).getFileName())));
    manifest.put("training_rows", Integer.toString(data.rows()));
    manifest.put("training_sha256", trainingSum(data));
    manifest.put("validation_rows", Integer.toString(data.validationRows()));
    manifest.put("validation_sha256", validationSum(data));
    manifest.put("method", Json.text(job.method()));
    manifest.put("epochs", Integer.toString(numbers.epochs()));
    manifest.put("batch_size", Integer.toString(numbers.batchSize()));
    manifest.put("learning_rate", Double.toString(numbers.learningRate()));
    // Only what was asked for: the manifests of usual jobs stay as they are.
    numbers.warmupRatio().ifPresent(share -> manifest.put("warmup_ratio", Double.toString(share)));
    if (!numbers.trained().equals(TrainerJob.Trained.Adapter.USUAL)) {
      manifest.put("trained", Json.text(numbers.trained()));
    }
    numbers.earlyStopping().ifPresent(rule -> manifest.put("early_stopping", Json.text(rule)));
    manifest.put("seed", Long.toString(job.seed()));
    manifest.put("precision", compute.precision().name());
    manifest.put("compute", compute.toString());
    manifest.put("threads", Integer.toString(Device.threads()));
    return manifest;
  }

  private static String trainingSum(RunData data) {
    return switch (data) {
      case TrainingData rows -> sha256(rows.training());
      case PreferenceData pairs -> sha256(answers(pairs.training()));
      case ReinforcementData prompts -> sha256(untrained(prompts.training()));
    };
  }

  private static String validationSum(RunData data) {
    return switch (data) {
      case TrainingData rows -> sha256(rows.validation());
      case PreferenceData pairs -> sha256(answers(pairs.validation()));
      case ReinforcementData prompts -> sha256(untrained(prompts.validation()));
    };
  }

  private static List<TrainingExample> answers(List<PreferencePair> pairs) {
    return pairs.stream().flatMap(pair -> Stream.of(pair.preferred(), pair.other())).toList();
  }

  /// Prompts as rows of which nothing is learnt: what is, the model says itself.
  private static List<TrainingExample> untrained(List<Prompt> prompts) {
    return prompts.stream()
        .map(prompt -> new TrainingExample(prompt.tokens(), new boolean[prompt.length()]))
        .toList();
  }

  /// Of what graders read of prompts, in the order of the file.
  static String itemsSum(List<PromptRow> rows) {
    MessageDigest sum = digest();
    for (PromptRow row : rows) {
      sum.update(Json.bytes(row.item()));
      sum.update((byte) '\n');
    }
    return HexFormat.of().formatHex(sum.digest());
  }

  /// Of rows as the model reads them: length, tokens, and which of them are learnt.
  private static String sha256(List<TrainingExample> rows) {
    MessageDigest sum = digest();
    for (TrainingExample row : rows) {
      ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES + row.length() * (Integer.BYTES + 1));
      bytes.putInt(row.length());
      for (int t = 0; t < row.length(); t++) {
        bytes.putInt(row.token(t)).put((byte) (row.trained(t) ? 1 : 0));
      }
      sum.update(bytes.array());
    }
    return HexFormat.of().formatHex(sum.digest());
  }

  private static String sha256(Path file) throws IOException {
    return Files.exists(file)
        ? HexFormat.of().formatHex(digest().digest(Files.readAllBytes(file)))
        : "";
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
