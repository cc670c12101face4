package dev.luthier.platform.keys;

import java.time.Instant;

/// A key as it is kept: what it was is known to its owner only.
///
/// @param hash lower-case hexadecimal SHA-256
/// @param name that its maker gave it, may be empty
/// @param shown its first and last characters; empty for keys made before these were kept
public record ApiKey(
    String hash, KeyStore.Origin origin, String name, String shown, Instant createdAt) {
  private static final int ID_DIGITS = 20;

  /// Says which key is meant without opening anything.
  public String id() {
    return "key_" + hash.substring(0, Math.min(ID_DIGITS, hash.length()));
  }
}
