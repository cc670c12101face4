package dev.luthier.platform.keys;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.keys.KeyStore.Origin;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// Knows which API keys are good. Safe for many threads.
public final class KeyService {
  public static final String PREFIX = "sk-luthier-";
  private static final int KEY_LENGTH_MAX = 1000;
  private static final int NAME_LENGTH_MAX = 100;
  private static final int KEYS_MAX = 1000;
  private static final int SHOWN_LENGTH_MIN = 16;
  private static final int PREFIX_SHOWN = 11;

  private final KeyStore keys;
  private final Transactions transactions;
  private final Identifiers identifiers;
  private final Clock clock;

  public KeyService(
      KeyStore keys, Transactions transactions, Identifiers identifiers, Clock clock) {
    this.keys = keys;
    this.transactions = transactions;
    this.identifiers = identifiers;
    this.clock = clock;
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
    return transactions.call(() -> given.isPresent() ? accept(given.get()) : first());
  }

  private Optional<String> accept(String key) {
    if (key.isBlank() || key.length() > KEY_LENGTH_MAX) {
      throw new IllegalArgumentException(
          "LUTHIER_API_KEY has %d characters; give it 1 to %d, not all of them blank"
              .formatted(key.length(), KEY_LENGTH_MAX));
    }
    keys.removeAll(Origin.GIVEN);
    keys.add(kept(key, Origin.GIVEN, "LUTHIER_API_KEY"));
    return Optional.empty();
  }

  private Optional<String> first() {
    keys.removeAll(Origin.GIVEN);
    if (keys.exists(Origin.MADE)) {
      return Optional.empty();
    }
    return Optional.of(made("first start").secret());
  }

  /// A key that was just made; nobody can read it again.
  public record Made(ApiKey key, String secret) {
    @Override
    public String toString() {
      return "Made[" + key.id() + "]";
    }
  }

  /// Makes a key that is good at once.
  public Made make(String name) {
    if (name.isBlank() || name.length() > NAME_LENGTH_MAX) {
      throw ApiException.invalidValue(
          "name", ApiException.shown(name), "It has 1 to " + NAME_LENGTH_MAX + " characters.");
    }
    return transactions.call(() -> {
      if (keys.all().size() >= KEYS_MAX) {
        throw new ApiException(
            ErrorCode.INVALID_REQUEST,
            "There are %d keys, the most there may be. Revoke one first.".formatted(KEYS_MAX),
            Optional.empty());
      }
      return made(name);
    });
  }

  private Made made(String name) {
    String secret = identifiers.secret(PREFIX);
    ApiKey key = kept(secret, Origin.MADE, name);
    keys.add(key);
    return new Made(key, secret);
  }

  private ApiKey kept(String secret, Origin origin, String name) {
    int length = secret.length();
    String shown =
        length < SHOWN_LENGTH_MIN
            ? "***"
            : secret.substring(0, PREFIX_SHOWN) + "***" + secret.substring(length - 3);
    return new ApiKey(SecretHash.of(secret), origin, name, shown, clock.instant());
  }

  /// All keys, the oldest first.
  public List<ApiKey> list() {
    return keys.all();
  }

  public ApiKey get(String id) {
    return keys.all().stream()
        .filter(key -> key.id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            new ApiException(
                ErrorCode.NOT_FOUND,
                "No API key found with id '%s'.".formatted(ApiException.shown(id)),
                Optional.of("key_id")));
  }

  /// No request passes with it from now on. What the environment gives comes back with the next
  /// start, unless it is taken from there too.
  public void revoke(String id) {
    transactions.run(() -> keys.remove(get(id).hash()));
  }
}
