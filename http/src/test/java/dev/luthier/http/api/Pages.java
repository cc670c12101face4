package dev.luthier.http.api;

import dev.luthier.platform.PageRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Cuts a page out of a list as the stores do: at most `limit + 1` rows after the cursor, nothing
/// when the cursor is unknown.
final class Pages {
  private Pages() {}

  static <T> Optional<List<T>> cut(List<T> all, Function<T, String> id, PageRequest page) {
    int start = 0;
    if (page.after().isPresent()) {
      start = all.stream().map(id).toList().indexOf(page.after().get()) + 1;
      if (start == 0) {
        return Optional.empty();
      }
    }
    return Optional.of(all.stream().skip(start).limit(page.limit() + 1L).toList());
  }
}
