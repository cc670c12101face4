package dev.luthier.platform;

import java.util.Optional;

/// Which page of a list is asked for: at most `limit` rows that come after the row with the id
/// `after` (exclusive), in the order of that list.
public record PageRequest(Optional<String> after, int limit) {
  public static final int LIMIT_MAX = 10_000;

  public PageRequest {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException(
          "a page holds 1 to " + LIMIT_MAX + " rows, not " + limit + "; check the limit first");
    }
  }

  public static PageRequest first(int limit) {
    return new PageRequest(Optional.empty(), limit);
  }
}
