package dev.luthier.platform.keys;

import java.util.Optional;

/// Knows which API keys are good. Safe for many threads.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // Bodies follow.
public final class KeyService {
  /// Whether a bearer token is one of our keys.
  public boolean verify(String key) {
    throw new UnsupportedOperationException(key);
  }

  /// Sees to it that there is a key: `given` (from LUTHIER_API_KEY) as it is, in place of an
  /// earlier one given so; else the one that is there; else a new one, returned this once.
  public Optional<String> ensure(Optional<String> given) {
    return given;
  }
}
