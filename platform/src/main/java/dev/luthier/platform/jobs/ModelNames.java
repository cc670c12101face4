package dev.luthier.platform.jobs;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// Names of fine-tunes: `ft:<base>:<organisation>:<suffix>:<8 characters>`, two colons in a row
/// when there is no suffix.
public final class ModelNames {
  private static final String STEP = ":ckpt-step-";

  private ModelNames() {}

  /// The finished model's name.
  public static String fineTune(
      String baseId, String organisation, Optional<String> suffix, String id) {
    return "ft:%s:%s:%s:%s"
        .formatted(baseId, organisation, suffix.map(ModelNames::normalised).orElse(""), id);
  }

  /// A checkpoint's: with an 8-character id of its own and the step.
  public static String checkpoint(
      String baseId, String organisation, Optional<String> suffix, String id, int step) {
    return fineTune(baseId, organisation, suffix, id) + STEP + step;
  }

  /// The name of the fine-tune that a checkpoint has become: its own without the step.
  public static String withoutStep(String checkpoint) {
    int cut = checkpoint.lastIndexOf(STEP);
    return cut < 0 ? checkpoint : checkpoint.substring(0, cut);
  }

  /// The step that a checkpoint's name ends in.
  public static OptionalInt step(String name) {
    int cut = name.lastIndexOf(STEP);
    String digits = cut < 0 ? "" : name.substring(cut + STEP.length());
    return digits.matches("[1-9][0-9]{0,8}")
        ? OptionalInt.of(Integer.parseInt(digits))
        : OptionalInt.empty();
  }

  /// Lower case; whatever is not a letter, digit, `_` or `-` becomes `-`.
  static String normalised(String suffix) {
    return suffix.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "-");
  }
}
