package dev.luthier.text.rows;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What is wrong with one example; remembers whether anything is.
final class Complaints {
  private final Findings findings;
  private final int line;
  private final int example;
  private final String text;
  private boolean any;

  /// @param text the line itself, to find columns in
  Complaints(Findings findings, int line, int example, String text) {
    this.findings = findings;
    this.line = line;
    this.example = example;
    this.text = text;
  }

  int line() {
    return line;
  }

  String text() {
    return text;
  }

  /// What was said.
  Findings findings() {
    return findings;
  }

  /// Whether there was an error.
  boolean any() {
    return any;
  }

  /// @param clause what follows "Example 3"
  /// @param values names and values in turn
  void error(FindingCode code, Place place, String clause, String... values) {
    add(Severity.ERROR, code, place, "Example " + example + clause, values);
  }

  /// @param clause what follows "Example 3"
  void warn(FindingCode code, Place place, String clause, String... values) {
    add(Severity.WARNING, code, place, "Example " + example + clause, values);
  }

  /// Warns of keys that nobody reads.
  void extraKeys(JsonNode object, Part part, Set<String> known) {
    for (String key : object.propertyNames()) {
      if (!known.contains(key)) {
        String clause = part.words() + " contains an extra \"" + key + "\".";
        warn(FindingCode.EXTRA_ROW_KEY, part.place().nameOf(key), clause, "key", key);
      }
    }
  }

  void aboutFile(FindingCode code, String sentence) {
    add(Severity.ERROR, code, Place.ROOT, sentence);
  }

  /// One whose column is known, or 0 for the whole line.
  void at(Severity severity, FindingCode code, int column, String clause, String... values) {
    put(severity, code, column, "Example " + example + clause, values);
  }

  private void add(
      Severity severity, FindingCode code, Place place, String message, String... values) {
    int column = findings.takes(code, severity) ? JsonPlaces.column(text, place) : 0;
    put(severity, code, column, message, values);
  }

  private void put(
      Severity severity, FindingCode code, int column, String message, String... values) {
    any |= severity == Severity.ERROR;
    Map<String, String> named = HashMap.newHashMap(values.length / 2);
    for (int v = 0; v + 1 < values.length; v += 2) {
      named.put(values[v], values[v + 1]);
    }
    findings.add(new Finding(line, column, example, severity, code, message, named));
  }
}
