package dev.luthier.store.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/// A table of pairs that rows of another carry.
///
/// @param name of the table
/// @param owner its column with the id of whose pairs they are
record MetadataTable(String name, String owner) {

  void insert(Handle handle, String id, Map<String, String> pairs) {
    pairs.forEach((key, value) ->
        new Row().put(owner, id).put("name", key).put("value", value).insert(handle, name));
  }

  Map<String, String> of(Handle handle, String id) {
    Map<String, String> pairs = new LinkedHashMap<>();
    handle
        .createQuery("select name, value from " + name + " where " + owner + " = :id order by name")
        .bind("id", id)
        .map((row, _) -> Map.entry(row.getString("name"), row.getString("value")))
        .forEach(pair -> pairs.put(pair.getKey(), pair.getValue()));
    return pairs;
  }

  void deleteAll(Handle handle, String id) {
    handle.execute("delete from " + name + " where " + owner + " = ?", id);
  }

  /// The condition, to be joined to others, that a row of `table` carries all pairs; puts what it
  /// binds into `values`.
  String all(String table, Map<String, String> pairs, Map<String, Object> values) {
    StringBuilder condition = new StringBuilder();
    List<Map.Entry<String, String>> numbered = new ArrayList<>(pairs.entrySet());
    for (int i = 0; i < numbered.size(); i++) {
      condition.append(
          " and exists (select 1 from %s where %s = %s.id and name = :name%d and value = :value%d)"
              .formatted(name, owner, table, i, i));
      values.put("name" + i, numbered.get(i).getKey());
      values.put("value" + i, numbered.get(i).getValue());
    }
    return condition.toString();
  }
}
