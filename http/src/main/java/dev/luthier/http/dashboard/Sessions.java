package dev.luthier.http.dashboard;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import io.javalin.http.Context;
import io.javalin.http.Cookie;
import io.javalin.http.HandlerType;
import io.javalin.http.SameSite;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/// Sessions of the dashboard: an HttpOnly, SameSite cookie that stands for a key. Whoever holds it
/// may do what the key may, as long as the key is good. Safe for many threads.
public final class Sessions {
  /// The header that a page sends with every request that changes something.
  static final String CSRF_HEADER = "x-luthier-csrf";

  private static final List<HandlerType> READING =
      List.of(HandlerType.GET, HandlerType.HEAD, HandlerType.OPTIONS);
  private static final int CODE_BYTES = 24;
  private static final String BY_KEY = "key:";
  private static final String BY_LINK = "link:";
  private static final Link USED = new Link("", "");

  private final SealedCookies cookies;
  private final String cookieName;
  private final Predicate<String> keys;
  private final String localKey;
  private final SecureRandom random;
  private final AtomicReference<Link> link;

  /// @param meaning whom a session that it opens stands for
  private record Link(String code, String meaning) {}

  /// @param secret 32 bytes that stay the same over restarts
  /// @param port of this server: a browser sends one host's cookies to all of its ports
  /// @param keys tells good keys
  /// @param localKey the key that a session by link stands for
  /// @param link the code of the first one-time link
  public Sessions(
      byte[] secret,
      SecureRandom random,
      Clock clock,
      int port,
      Predicate<String> keys,
      String localKey,
      String link) {
    this.cookies = new SealedCookies(secret, random, clock);
    this.cookieName = "luthier-" + port;
    this.keys = keys;
    this.localKey = localKey;
    this.random = random;
    this.link = new AtomicReference<>(new Link(link, BY_LINK));
  }

  /// The key that a request's cookie stands for. Throws 403 when a request that changes something
  /// comes without the page's proof that it is ours.
  public Optional<String> key(Context context) {
    var value = context.cookie(cookieName);
    if (value == null) {
      return Optional.empty();
    }
    var key = cookies.open(value).flatMap(this::meant);
    if (key.isPresent() && !READING.contains(context.method())) {
      var proof = Objects.requireNonNullElse(context.header(CSRF_HEADER), "");
      if (!cookies.accompanies(proof, value)) {
        throw new ApiException(
            ErrorCode.INSUFFICIENT_PERMISSIONS,
            "A request with a session's cookie must carry the session's "
                + CSRF_HEADER
                + " header. Load the page again, or send a key instead.",
            Optional.empty());
      }
    }
    return key;
  }

  private Optional<String> meant(String text) {
    if (text.startsWith(BY_LINK)) {
      return Optional.of(localKey);
    }
    return text.startsWith(BY_KEY)
        ? Optional.of(text.substring(BY_KEY.length()))
        : Optional.empty();
  }

  /// The proof that goes with this request's cookie; empty without a good session.
  Optional<String> csrf(Context context) {
    var value = context.cookie(cookieName);
    return value == null
        ? Optional.empty()
        : cookies.open(value).flatMap(this::meant).filter(keys).map(_ -> cookies.companion(value));
  }

  /// Opens a session by a key and returns its proof.
  String openByKey(Context context, String key) {
    if (!keys.test(key)) {
      throw ApiException.incorrectKey(key);
    }
    return open(context, BY_KEY + key);
  }

  /// Opens a session by the one-time link, which is worth nothing from then on.
  String openByLink(Context context, String code) {
    var expected = link.get();
    boolean right =
        !expected.equals(USED)
            && MessageDigest.isEqual(bytes(expected.code()), bytes(code))
            && link.compareAndSet(expected, USED);
    if (!right) {
      throw new ApiException(
          ErrorCode.INVALID_API_KEY,
          "This link has been used, or another one was made after it. Log in with a key, or let"
              + " `luthier link` print a new one.",
          Optional.of("link"));
    }
    return open(context, expected.meaning());
  }

  /// Makes a link that opens a session for a key, once. The one before it is worth nothing then.
  ///
  /// @return its code, of letters and digits
  String newLink(String key) {
    byte[] drawn = new byte[CODE_BYTES];
    random.nextBytes(drawn);
    String code = HexFormat.of().formatHex(drawn);
    link.set(new Link(code, key.equals(localKey) ? BY_LINK : BY_KEY + key));
    return code;
  }

  private String open(Context context, String text) {
    var value = cookies.seal(text);
    context.cookie(cookie(context, value, (int) SealedCookies.GOOD_FOR.toSeconds()));
    return cookies.companion(value);
  }

  /// Makes the browser forget its session.
  void close(Context context) {
    context.cookie(cookie(context, "", 0));
  }

  private Cookie cookie(Context context, String value, int seconds) {
    boolean overTls =
        context.scheme().equals("https") || "https".equals(context.header("x-forwarded-proto"));
    return new Cookie(cookieName, value, "/", seconds, overTls, true, null, SameSite.STRICT);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
