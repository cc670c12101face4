package dev.luthier.store.sql;

import dev.luthier.platform.files.FilePurpose;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// A row on its way to a table: columns by name, so that each column is named once.
final class Row {
  private final Map<String, @Nullable Object> columns = new LinkedHashMap<>();

  Row put(String column, Object value) {
    columns.put(column, value);
    return this;
  }

  Row put(String column, Optional<?> value) {
    columns.put(column, value.orElse(null));
    return this;
  }

  Row put(String column, OptionalInt value) {
    columns.put(column, value.isPresent() ? value.getAsInt() : null);
    return this;
  }

  Row put(String column, OptionalDouble value) {
    columns.put(column, value.isPresent() ? value.getAsDouble() : null);
    return this;
  }

  Row time(String column, Instant value) {
    return put(column, value.toEpochMilli());
  }

  Row time(String column, Optional<Instant> value) {
    return put(column, value.map(Instant::toEpochMilli));
  }

  void insert(Handle handle, String table) {
    handle.createUpdate(insertion(table)).bindMap(columns).execute();
  }

  /// False when there is one of the same key; that one stays.
  boolean insertUnlessThere(Handle handle, String table) {
    return handle
            .createUpdate(insertion(table) + " on conflict do nothing")
            .bindMap(columns)
            .execute()
        == 1;
  }

  private String insertion(String table) {
    String names = String.join(", ", columns.keySet());
    String values =
        columns.keySet().stream().map(name -> ":" + name).collect(Collectors.joining(", "));
    return "insert into " + table + " (" + names + ") values (" + values + ")";
  }

  /// The purpose in a column of that name.
  static FilePurpose purpose(ResultSet row) throws SQLException {
    String text = row.getString("purpose");
    return FilePurpose.of(text)
        .orElseThrow(() -> new IllegalStateException("no purpose is called " + text));
  }

  /// `column = :column, …`
  String assignments() {
    return columns.keySet().stream()
        .map(name -> name + " = :" + name)
        .collect(Collectors.joining(", "));
  }

  Map<String, @Nullable Object> columns() {
    return columns;
  }

  static Instant time(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  static Optional<Instant> optionalTime(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(value));
  }

  static Optional<String> optionalText(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getString(column));
  }

  static OptionalInt optionalInt(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? OptionalInt.empty() : OptionalInt.of(value);
  }

  static OptionalDouble optionalDouble(ResultSet row, String column) throws SQLException {
    double value = row.getDouble(column);
    return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  static Optional<Long> optionalLong(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(value);
  }
}
