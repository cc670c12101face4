package dev.luthier.http.request;

import dev.luthier.platform.Page;
import dev.luthier.platform.PageRequest;
import dev.luthier.platform.errors.ApiException;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Reads the query parameters of a list. An empty one counts as missing.
public final class PageQuery {

  private PageQuery() {}

  /// `after` and `limit`, which may be 1 to `limitMax`.
  public static PageRequest read(Context context, int limitDefault, int limitMax) {
    int limit = parameter(context, "limit").map(text -> limit(text, limitMax)).orElse(limitDefault);
    return new PageRequest(parameter(context, "after"), limit);
  }

  /// One of `supported`.
  public static Optional<String> oneOf(Context context, String name, List<String> supported) {
    var text = parameter(context, name);
    text.filter(value -> !supported.contains(value))
        .ifPresent(value -> {
          throw ApiException.invalidValue(name, Value.shortened(value), supported);
        });
    return text;
  }

  /// An integer that is not negative.
  public static Optional<Integer> number(Context context, String name) {
    var text = parameter(context, name);
    text.filter(value -> !value.matches("[0-9]{1,9}"))
        .ifPresent(_ -> {
          throw ApiException.invalidType(name, "an integer of at least 0", "a string");
        });
    return text.map(Integer::valueOf);
  }

  public static Optional<String> parameter(Context context, String name) {
    return Optional.ofNullable(context.queryParam(name)).filter(text -> !text.isEmpty());
  }

  /// A page of a list that lies whole in memory.
  public static <T> Page<T> cut(List<T> all, Function<T, String> id, PageRequest page) {
    int start = 0;
    if (page.after().isPresent()) {
      start = all.stream().map(id).toList().indexOf(page.after().get()) + 1;
      if (start == 0) {
        throw ApiException.invalidValue(
            "after",
            Value.shortened(page.after().get()),
            "It is not the id of an entry of this list.");
      }
    }
    return Page.cut(all.stream().skip(start).limit(page.limit() + 1L).toList(), page.limit());
  }

  private static int limit(String text, int max) {
    if (!text.matches("[+-]?[0-9]{1,18}")) {
      throw ApiException.invalidType("limit", "an integer", "a string");
    }
    long number = Long.parseLong(text);
    if (number > max) {
      throw ApiException.integerAbove("limit", max, number);
    }
    if (number < 1) {
      throw ApiException.integerBelow("limit", 1, number);
    }
    return (int) number;
  }
}
