package dev.luthier.platform.launch;

import java.time.Instant;
import java.util.Optional;

/// Port: the rows of launches. Safe for many threads; see `Transactions` for durability.
public interface LaunchStore {
  void insert(Launch launch);

  Optional<Launch> find(LaunchId id);

  Optional<Launch> byToken(String tokenHash);

  /// Trades the code: false when this launch has a token already.
  boolean enrol(LaunchId id, String tokenHash);

  /// Forgets a launch: from now on nobody enrols or speaks as it. An unknown one is fine.
  void remove(LaunchId id);

  /// Forgets launches that were made before `before` and whose job, if they have one, has ended or
  /// is at a later attempt.
  void purge(Instant before);
}
