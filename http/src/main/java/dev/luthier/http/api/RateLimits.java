package dev.luthier.http.api;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.javalin.http.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// How many answers a key may ask for in a minute, and of how many tokens. Safe for many threads.
///
/// What is unused grows back evenly. Tokens are counted when an answer has ended, so one that is
/// larger than what was left is given, and waited for afterwards.
public final class RateLimits {
  private static final Duration PER = Duration.ofMinutes(1);

  /// What each key may do in a minute; 0: as much as it likes.
  public record Limits(long requests, long tokens) {
    public static final Limits NONE = new Limits(0, 0);
  }

  /// What one key has left; by the key's hash. Only good keys come here, so there are few.
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();

  private final Limits limits;
  private final TimeMeter time;

  public RateLimits(Limits limits, Clock clock) {
    this.limits = limits;
    time = new ByClock(clock);
  }

  /// Counts a request, says in its answer's headers what is left, and refuses it when nothing is.
  Account admit(Context context) {
    var key = Authentication.keyHash(context);
    var account =
        accounts.computeIfAbsent(
            key,
            _ ->
                new Account(
                    bucket("requests", limits.requests()), bucket("tokens", limits.tokens())));
    account.tokens.ifPresent(tokens -> tokens.demand(context, 0));
    account.requests.ifPresent(requests -> requests.demand(context, 1));
    return account;
  }

  private Optional<Limit> bucket(String name, long most) {
    return most == 0
        ? Optional.empty()
        : Optional.of(
            new Limit(
                name,
                most,
                Bucket.builder()
                    .addLimit(limit -> limit.capacity(most).refillGreedy(most, PER))
                    .withCustomTimePrecision(time)
                    .build()));
  }

  /// What a key has left.
  static final class Account {
    private final Optional<Limit> requests;
    private final Optional<Limit> tokens;

    private Account(Optional<Limit> requests, Optional<Limit> tokens) {
      this.requests = requests;
      this.tokens = tokens;
    }

    void spend(long used) {
      tokens.filter(_ -> used > 0).ifPresent(limit -> limit.bucket.consumeIgnoringRateLimits(used));
    }
  }

  private record Limit(String name, long most, Bucket bucket) {
    void demand(Context context, long wanted) {
      boolean taken = wanted == 0 ? bucket.getAvailableTokens() > 0 : bucket.tryConsume(wanted);
      long left = bucket.getAvailableTokens();
      context.header("x-ratelimit-limit-" + name, Long.toString(most));
      context.header("x-ratelimit-remaining-" + name, Long.toString(Math.max(0, left)));
      context.header("x-ratelimit-reset-" + name, words(until(most - left)));
      if (!taken) {
        throw refusal(
            context,
            Duration.ofNanos(bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill()));
      }
    }

    private Duration until(long missing) {
      return Duration.ofNanos(Math.ceilDiv(Math.max(0, missing) * PER.toNanos(), most));
    }

    private ApiException refusal(Context context, Duration wait) {
      long millis = Math.max(1, wait.toMillis());
      context.header("retry-after", Long.toString(Math.ceilDiv(millis, 1000)));
      context.header("retry-after-ms", Long.toString(millis));
      return new ApiException(
          name.equals("tokens") ? ErrorCode.TOKEN_RATE_EXCEEDED : ErrorCode.RATE_LIMIT_EXCEEDED,
          "Rate limit reached on %s per minute: the limit is %d, and none is left. Please try again in %s. The server's setting %s_per_minute sets the limit."
              .formatted(name, most, words(wait), name),
          Optional.empty());
    }
  }

  /// As OpenAI writes times: `17ms`, `1.5s`, `6m0s`.
  static String words(Duration time) {
    long millis = time.toMillis();
    if (millis < 1000) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds >= 60) {
      return seconds / 60 + "m" + seconds % 60 + "s";
    }
    long rest = millis % 1000;
    return rest == 0 ? seconds + "s" : "%d.%03ds".formatted(seconds, rest);
  }

  private record ByClock(Clock clock) implements TimeMeter {
    @Override
    public long currentTimeNanos() {
      return Math.multiplyExact(clock.millis(), 1_000_000L);
    }

    @Override
    public boolean isWallClockBased() {
      return true;
    }
  }
}
