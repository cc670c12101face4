package dev.luthier.wire.api;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// One page of a list that names its first and last id (files, checkpoints); both are null when the
/// page is empty.
public record CursorPage<T>(
    String object,
    List<T> data,
    Optional<String> firstId,
    Optional<String> lastId,
    boolean hasMore) {
  public CursorPage {
    data = List.copyOf(data);
  }

  public static <T> CursorPage<T> of(List<T> data, Function<T, String> id, boolean hasMore) {
    var ids = data.stream().map(id).toList();
    return new CursorPage<>(
        "list", data, ids.stream().findFirst(), ids.reversed().stream().findFirst(), hasMore);
  }
}
