package dev.luthier.http.api;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.keys.KeyService;
import dev.luthier.platform.keys.SecretHash;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Lets a request pass that carries one of our keys, as `Authorization: Bearer KEY` or, as Azure's
/// clients send it, as `api-key: KEY`.
public final class Authentication implements Handler {

  private static final String BEARER = "Bearer ";
  private static final String HASH = "luthier.keyHash";

  private final Predicate<String> keys;
  private final Function<Context, Optional<String>> sessions;

  public Authentication(KeyService keys) {
    this(keys::verify);
  }

  /// Lets a request pass whose key `keys` accepts.
  public Authentication(Predicate<String> keys) {
    this(keys, _ -> Optional.empty());
  }

  /// As [#Authentication(Predicate)], and takes the key that `sessions` finds behind a request
  /// which sends none itself.
  public Authentication(Predicate<String> keys, Function<Context, Optional<String>> sessions) {
    this.keys = keys;
    this.sessions = sessions;
  }

  @Override
  public void handle(Context context) {
    var key = key(context);
    if (key.isEmpty()) {
      throw ApiException.missingKey();
    }
    if (!keys.test(key.get())) {
      throw ApiException.incorrectKey(key.get());
    }
    context.attribute(HASH, SecretHash.of(key.get()));
  }

  /// The key that a request brings or that its session stands for, good or not.
  public Optional<String> key(Context context) {
    return bearer(context).or(() -> header(context, "api-key")).or(() -> sessions.apply(context));
  }

  /// Which key a request that passed came with.
  static String keyHash(Context context) {
    String hash = context.attribute(HASH);
    return hash == null ? "" : hash;
  }

  private static Optional<String> bearer(Context context) {
    return header(context, "Authorization")
        .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(value -> value.substring(BEARER.length()).strip())
        .filter(key -> !key.isEmpty());
  }

  private static Optional<String> header(Context context, String name) {
    return Optional.ofNullable(context.header(name))
        .map(String::strip)
        .filter(text -> !text.isEmpty());
  }
}
