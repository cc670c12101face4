package dev.luthier.platform.idempotency;

import dev.luthier.platform.Transactions;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.keys.SecretHash;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/// Makes one thing of a creation that is sent twice with the same `Idempotency-Key`. Safe for many
/// threads.
///
/// The key is written in the transaction that creates, so a restart between the two tries makes no
/// second thing either. Keys are remembered for a day.
public final class IdempotentCreations {
  private static final int KEY_LENGTH_MAX = 255;
  private static final int ID_LENGTH_MAX = 100;
  private static final Duration KEPT = Duration.ofDays(1);

  /// How long a request waits for another one with its key.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final CreationStore creations;
  private final Transactions transactions;
  private final Clock clock;
  private final Map<String, CompletableFuture<Boolean>> underWay = new ConcurrentHashMap<>();

  public IdempotentCreations(CreationStore creations, Transactions transactions, Clock clock) {
    this.creations = creations;
    this.transactions = transactions;
    this.clock = clock;
  }

  /// What is created, and how it is found again.
  ///
  /// @param make creates it
  /// @param id what it is found again by
  /// @param get finds it as it stands now; throws when it is gone
  public record Thing<T>(
      String kind, Supplier<T> make, Function<T, String> id, Function<String, T> get) {}

  /// Creates, or answers what `key` made before as it stands now. Without a key it always creates.
  ///
  /// @param request what was asked, as text that is equal for equal requests
  public <T> T once(Optional<String> key, String request, Thing<T> thing) {
    if (key.isEmpty()) {
      return thing.make().get();
    }
    check(key.get());
    return transactions.call(() -> madeOnce(key.get(), SecretHash.of(request), thing));
  }

  /// As [#once], for what takes long or lies outside the database: it is made outside of any
  /// transaction, and who comes with the same key meanwhile waits for it. A crash just behind the
  /// making forgets the key.
  public <T> T slowly(Optional<String> key, String request, Thing<T> thing) {
    if (key.isEmpty()) {
      return thing.make().get();
    }
    check(key.get());
    String place = thing.kind() + " " + key.get();
    CompletableFuture<Boolean> mine = new CompletableFuture<>();
    for (var other = underWay.putIfAbsent(place, mine);
        other != null;
        other = underWay.putIfAbsent(place, mine)) {
      await(other);
    }
    try {
      return madeOnce(key.get(), SecretHash.of(request), thing);
    } finally {
      underWay.remove(place);
      mine.complete(true);
    }
  }

  private static void await(CompletableFuture<Boolean> other) {
    try {
      other.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new ApiException(
          ErrorCode.UNAVAILABLE,
          "A request with the same Idempotency-Key is still under way. Try again later.",
          Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(ErrorCode.UNAVAILABLE, "The server stops.", Optional.empty());
    }
  }

  private static void check(String key) {
    if (key.length() > KEY_LENGTH_MAX) {
      throw ApiException.stringTooLong("Idempotency-Key", KEY_LENGTH_MAX, key.length());
    }
  }

  private <T> T madeOnce(String key, String sha256, Thing<T> thing) {
    creations.purge(clock.instant().minus(KEPT));
    Optional<Creation> earlier = creations.find(thing.kind(), key);
    if (earlier.isEmpty()) {
      T made = thing.make().get();
      creations.insert(
          new Creation(thing.kind(), key, sha256, thing.id().apply(made), clock.instant()));
      return made;
    }
    if (!earlier.get().requestSha256().equals(sha256)) {
      throw new ApiException(
          ErrorCode.INVALID_REQUEST,
          "The Idempotency-Key '%s' made %s with other parameters. Send a new key with a new request."
              .formatted(key, shown(earlier.get().made())),
          Optional.empty());
    }
    return thing.get().apply(earlier.get().made());
  }

  private static String shown(String made) {
    return made.length() <= ID_LENGTH_MAX ? made : "an answer";
  }
}
