package dev.luthier.platform;

import java.util.List;

/// One page of a list, and whether another follows it.
public record Page<T>(List<T> data, boolean hasMore) {
  public Page {
    data = List.copyOf(data);
  }

  /// Makes a page of at most `limit` rows from a query that asked for `limit + 1`.
  public static <T> Page<T> cut(List<T> limitPlusOne, int limit) {
    boolean more = limitPlusOne.size() > limit;
    return new Page<>(more ? limitPlusOne.subList(0, limit) : limitPlusOne, more);
  }
}
