package dev.luthier.text.rows;

import java.util.ArrayList;
import java.util.List;

/// Lines that are gathered until the object that the first one opens is closed.
final class OpenObject {
  private static final int LINES_MAX = 10_000;

  private final int charactersMax;
  private final String start;
  private final List<String> lines = new ArrayList<>();
  private int firstLine;
  private int characters;
  private int depth;
  private boolean inString;

  OpenObject(RowRules rules) {
    this.charactersMax = rules.lineBytesMax();
    this.start = "{\"" + rules.kind().firstKey() + "\"";
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  int firstLine() {
    return firstLine;
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  String joined() {
    return lines.size() == 1 ? lines.getFirst() : String.join("\n", lines);
  }

  void add(int number, String line) {
    firstLine = lines.isEmpty() ? number : firstLine;
    lines.add(line);
    characters += line.length();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && inString) {
        i++;
      } else if (c == '"') {
        inString = !inString;
      } else if (!inString) {
        depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
      }
    }
  }

  /// Whether there is nothing to wait for: it is closed, or so wrong that it will not be.
  boolean isWhole() {
    return depth <= 0 || inString || lines.size() >= LINES_MAX || characters >= charactersMax;
  }

  /// Whether a line begins a row of its own, so that what came before will not be closed.
  boolean isBrokenBy(String line) {
    return !lines.isEmpty() && line.startsWith(start);
  }

  void clear() {
    lines.clear();
    characters = 0;
    depth = 0;
    inString = false;
  }
}
