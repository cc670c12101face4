package dev.luthier.http.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Seals a text into a cookie's value that only this server can open, and only for some days.
///
/// AES-GCM with a random nonce: whoever holds the cookie can neither read nor change it. The server
/// keeps no list of sessions, so that they outlive its restart. Safe for many threads.
final class SealedCookies {
  static final Duration GOOD_FOR = Duration.ofDays(30);
  static final int SECRET_BYTES = 32;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int VALUE_LENGTH_MAX = 4000;

  private final byte[] secret;
  private final SecureRandom random;
  private final Clock clock;

  SealedCookies(byte[] secret, SecureRandom random, Clock clock) {
    if (secret.length != SECRET_BYTES) {
      throw new IllegalArgumentException(
          "a secret of " + secret.length + " bytes; it must have " + SECRET_BYTES);
    }
    this.secret = secret.clone();
    this.random = random;
    this.clock = clock;
  }

  String seal(String text) {
    long until = clock.instant().plus(GOOD_FOR).getEpochSecond();
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, (until + ":" + text).getBytes(UTF_8));
    var value = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
    System.arraycopy(sealed, 0, value, NONCE_BYTES, sealed.length);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
  }

  /// Empty when the value is not ours, was changed, or has run out.
  Optional<String> open(String value) {
    if (value.length() > VALUE_LENGTH_MAX) {
      return Optional.empty();
    }
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(value);
      if (bytes.length <= NONCE_BYTES) {
        return Optional.empty();
      }
      byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
      byte[] sealed = Arrays.copyOfRange(bytes, NONCE_BYTES, bytes.length);
      return inTime(new String(cipher(Cipher.DECRYPT_MODE, nonce, sealed), UTF_8));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private Optional<String> inTime(String text) {
    int colon = text.indexOf(':');
    long until = Long.parseLong(text.substring(0, colon));
    return clock.instant().getEpochSecond() < until
        ? Optional.of(text.substring(colon + 1))
        : Optional.empty();
  }

  /// What a page must send beside the cookie when it changes something: another site can make a
  /// browser send the cookie, but cannot read this.
  String companion(String value) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update("csrf:".getBytes(UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(value.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  boolean accompanies(String companion, String value) {
    return MessageDigest.isEqual(companion(value).getBytes(UTF_8), companion.getBytes(UTF_8));
  }

  private byte[] cipher(int mode, byte[] nonce, byte[] text) {
    try {
      Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
      aes.init(mode, new SecretKeySpec(secret, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
      return aes.doFinal(text);
    } catch (AEADBadTagException e) {
      throw new IllegalArgumentException("not sealed by this server", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }
}
