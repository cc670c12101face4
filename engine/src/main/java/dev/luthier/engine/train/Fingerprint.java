package dev.luthier.engine.train;

import dev.luthier.engine.model.ModelConfig;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// A sha256 over all that decides a run's numbers: settings, rows, shape of the base.
final class Fingerprint {
  private Fingerprint() {}

  static String of(ModelConfig config, RunData data, TrainingSettings settings) {
    var digest = sha256();
    text(digest, config.toString());
    text(digest, numbers(settings));
    switch (settings.method()) {
      case TrainingMethod.Lora(var lora) -> {
        text(digest, lora.rank() + " " + lora.alpha() + " " + lora.dropout());
        // In their own order: a set's may change from process to process.
        EnumSet.copyOf(lora.targets()).forEach(name -> text(digest, name.shortName()));
      }
      case TrainingMethod.FullWeights() -> text(digest, "all weights");
    }
    switch (data) {
      case TrainingData(var training, var validation) -> {
        rows(digest, training);
        rows(digest, validation);
      }
      case ReinforcementData(var training, var validation, var reinforcement, _, _) -> {
        text(digest, reinforcement.toString());
        prompts(digest, training);
        prompts(digest, validation);
      }
      case PreferenceData(var training, var validation, var beta) -> {
        text(digest, "preferences, beta " + beta);
        rows(digest, training.stream().flatMap(Fingerprint::answers).toList());
        rows(digest, validation.stream().flatMap(Fingerprint::answers).toList());
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /// In words that stay the same from release to release, so that a run can go on in the next one.
  private static String numbers(TrainingSettings settings) {
    return settings
        .toString()
        .replace(settings.method().toString(), "")
        .replace(", earlyStopping=" + settings.earlyStopping(), "");
  }

  private static Stream<TrainingExample> answers(PreferencePair pair) {
    return Stream.of(pair.preferred(), pair.other());
  }

  private static void text(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) '\n');
  }

  private static void rows(MessageDigest digest, List<TrainingExample> rows) {
    number(digest, rows.size());
    for (var row : rows) {
      number(digest, row.length());
      for (int t = 0; t < row.length(); t++) {
        number(digest, row.trained(t) ? ~row.token(t) : row.token(t));
      }
    }
  }

  private static void prompts(MessageDigest digest, List<Prompt> prompts) {
    number(digest, prompts.size());
    for (var prompt : prompts) {
      number(digest, prompt.length());
      for (int t = 0; t < prompt.length(); t++) {
        number(digest, prompt.token(t));
      }
    }
  }

  private static void number(MessageDigest digest, int value) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
