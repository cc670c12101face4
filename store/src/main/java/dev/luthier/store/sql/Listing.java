package dev.luthier.store.sql;

import dev.luthier.platform.PageRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// A page of a table.
///
/// @param order two columns that order it, the second unique: `updated_at, position`
/// @param where columns that must be equal to a value
record Listing(
    String table, String order, PageRequest page, boolean newestFirst, Map<String, Object> where) {

  /// One row more than the page's limit. Empty when the cursor is unknown.
  Optional<Query> page(Handle handle) {
    StringBuilder conditions = new StringBuilder("1 = 1");
    where.keySet().forEach(column -> conditions.append(" and %s = :%s".formatted(column, column)));
    if (page.after().isPresent()) {
      if (!known(handle, page.after().get())) {
        return Optional.empty();
      }
      conditions.append(
          " and (%s) %s (select %s from %s where id = :after)"
              .formatted(order, newestFirst ? "<" : ">", order, table));
    }
    String direction = newestFirst ? " desc" : " asc";
    Query query =
        handle
            .createQuery(
                "select * from %s where %s order by %s limit :limit"
                    .formatted(table, conditions, order.replace(",", direction + ",") + direction))
            .bindMap(where)
            .bind("limit", page.limit() + 1);
    page.after().ifPresent(after -> query.bind("after", after));
    return Optional.of(query);
  }

  /// A cursor may be a row that has changed its state since, so only whose it is counts.
  private boolean known(Handle handle, String after) {
    Map<String, Object> owner = new LinkedHashMap<>();
    where.forEach((column, value) -> {
      if (column.endsWith("_id")) {
        owner.put(column, value);
      }
    });
    StringBuilder conditions = new StringBuilder("id = :after");
    owner.keySet().forEach(column -> conditions.append(" and %s = :%s".formatted(column, column)));
    return handle
        .createQuery("select 1 from %s where %s".formatted(table, conditions))
        .bind("after", after)
        .bindMap(owner)
        .mapTo(int.class)
        .findOne()
        .isPresent();
  }
}
