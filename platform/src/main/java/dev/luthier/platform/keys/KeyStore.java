package dev.luthier.platform.keys;

import java.util.List;

/// Port: hashes of keys. Safe for many threads; see `Transactions`.
public interface KeyStore {
  /// Where a key came from: made here at the first start, or given by the environment.
  enum Origin {
    MADE,
    GIVEN
  }

  /// All hashes, lower-case hexadecimal SHA-256.
  List<String> hashes();

  boolean exists(Origin origin);

  /// Replaces one of the same hash.
  void add(ApiKey key);

  /// All keys, the oldest first.
  List<ApiKey> all();

  /// False when there is none.
  boolean remove(String hash);

  void removeAll(Origin origin);
}
