package dev.luthier.platform;

import dev.luthier.platform.errors.ApiException;
import java.util.Map;

/// How much metadata a thing may carry.
public final class MetadataRules {
  private static final int PAIRS_MAX = 16;
  private static final int KEY_LENGTH_MAX = 64;
  private static final int VALUE_LENGTH_MAX = 512;

  private MetadataRules() {}

  /// Throws what is too much.
  public static void check(Map<String, String> metadata) {
    if (metadata.size() > PAIRS_MAX) {
      throw ApiException.tooMany("metadata", PAIRS_MAX, metadata.size());
    }
    metadata.forEach((key, value) -> {
      if (key.length() > KEY_LENGTH_MAX) {
        throw ApiException.stringTooLong("metadata", KEY_LENGTH_MAX, key.length());
      }
      if (value.length() > VALUE_LENGTH_MAX) {
        throw ApiException.stringTooLong("metadata." + key, VALUE_LENGTH_MAX, value.length());
      }
    });
  }
}
