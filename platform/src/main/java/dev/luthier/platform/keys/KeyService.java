package dev.luthier.platform.keys;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.keys.KeyStore.Origin;
import java.util.Optional;

/// Knows which API keys are good. Safe for many threads.
public final class KeyService {
  public static final String PREFIX = "sk-luthier-";
  private static final int KEY_LENGTH_MAX = 1000;

  private final KeyStore keys;
  private final Transactions transactions;
  private final Identifiers identifiers;

  public KeyService(KeyStore keys, Transactions transactions, Identifiers identifiers) {
    this.keys = keys;
    this.transactions = transactions;
    this.identifiers = identifiers;
  }

  /// Whether a bearer token is one of our keys.
  public boolean verify(String key) {
    if (key.isEmpty() || key.length() > KEY_LENGTH_MAX) {
      return false;
    }
    String hash = SecretHash.of(key);
    boolean good = false;
    for (String known : keys.hashes()) {
      good |= SecretHash.same(known, hash); // no early end: time tells nothing
    }
    return good;
  }

  /// Sees to it that there is a key: `given` (from LUTHIER_API_KEY) as it is, in place of an
  /// earlier one given so; else the one that was made earlier; else a new one, returned this once.
  public Optional<String> ensure(Optional<String> given) {
    return transactions.call(() -> given.isPresent() ? accept(given.get()) : make());
  }

  private Optional<String> accept(String key) {
    if (key.isBlank() || key.length() > KEY_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "LUTHIER_API_KEY has %d characters; give it 1 to %d, not all of them blank"
              .formatted(key.length(), KEY_LENGTH_MAX));
    }
    keys.removeAll(Origin.GIVEN);
    keys.add(SecretHash.of(key), Origin.GIVEN);
    return Optional.empty();
  }

  private Optional<String> make() {
    keys.removeAll(Origin.GIVEN);
    if (keys.exists(Origin.MADE)) {
      return Optional.empty();
    }
    String key = identifiers.secret(PREFIX);
    keys.add(SecretHash.of(key), Origin.MADE);
    return Optional.of(key);
  }
}
