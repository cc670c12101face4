package dev.luthier.app.cli;

import dev.luthier.wire.Json;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// How answers are printed: the server's JSON as it is, or columns for people.
final class Output {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private Output() {}

  static void json(PrintStream out, JsonNode node) {
    out.println(new String(Json.prettyBytes(node), StandardCharsets.UTF_8));
  }

  /// A field as text; "-" when it is null or absent.
  static String text(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isNull() || value.isMissingNode() ? "-" : value.asString();
  }

  static String time(JsonNode node, String field) {
    JsonNode value = node.path(field);
    return value.isIntegralNumber()
        ? TIME.format(Instant.ofEpochSecond(value.asLong()).atZone(ZoneId.systemDefault()))
        : "-";
  }

  /// The first row is the heading; a column is as wide as its longest cell.
  static void table(PrintStream out, List<List<String>> rows) {
    List<Integer> widths = new ArrayList<>();
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        int length = row.get(i).length();
        if (i == widths.size()) {
          widths.add(length);
        } else {
          widths.set(i, Math.max(widths.get(i), length));
        }
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).repeat(' ', widths.get(i) - row.get(i).length() + 2);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /// One `field: value` a line, nested values as JSON.
  static void fields(PrintStream out, JsonNode object) {
    int width = object.propertyNames().stream().mapToInt(String::length).max().orElse(0);
    for (String name : object.propertyNames()) {
      JsonNode value = object.get(name);
      String shown =
          name.endsWith("_at") && value.isIntegralNumber()
              ? time(object, name)
              : value.isString() ? value.asString() : value.isNull() ? "-" : value.toString();
      out.println(name + " ".repeat(width - name.length() + 2) + shown);
    }
  }
}
