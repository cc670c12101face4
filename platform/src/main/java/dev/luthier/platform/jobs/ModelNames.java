package dev.luthier.platform.jobs;

import java.util.Locale;
import java.util.Optional;

/// Names of fine-tunes: `ft:<base>:<organisation>:<suffix>:<8 characters>`, two colons in a row
/// when there is no suffix.
public final class ModelNames {
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
    return fineTune(baseId, organisation, suffix, id) + ":ckpt-step-" + step;
  }

  /// Lower case; whatever is not a letter, digit, `_` or `-` becomes `-`.
  static String normalised(String suffix) {
    return suffix.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "-");
  }
}
