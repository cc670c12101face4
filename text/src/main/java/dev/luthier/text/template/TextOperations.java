package dev.luthier.text.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Splitting, replacing and padding that keep the origin of every character.
final class TextOperations {
  private TextOperations() {}

  static Text replace(Text text, Text old, Text replacement, int count, Fuel fuel) {
    int left = count < 0 ? Integer.MAX_VALUE : count;
    return old.length() == 0
        ? interleave(text, replacement, left, new TextBuilder(fuel))
        : replaceEach(text, old, replacement, left, fuel);
  }

  private static Text replaceEach(Text text, Text old, Text replacement, int count, Fuel fuel) {
    TextBuilder builder = new TextBuilder(fuel);
    String s = text.chars();
    int left = count;
    int done = 0;
    for (int at = CodePoints.indexOf(s, old.chars(), 0, fuel);
        at >= 0 && left > 0;
        at = CodePoints.indexOf(s, old.chars(), done, fuel), left--) {
      builder.append(text, done, at).append(replacement);
      done = at + old.length();
    }
    return builder.append(text, done, s.length()).build();
  }

  /// Python replaces the empty string at every boundary of characters.
  private static Text interleave(Text text, Text added, int count, TextBuilder builder) {
    int left = count;
    int at = 0;
    while (left-- > 0) {
      builder.append(added);
      if (at >= text.length()) {
        return builder.build();
      }
      int next = at + Character.charCount(text.chars().codePointAt(at));
      builder.append(text, at, next);
      at = next;
    }
    return builder.append(text, at, text.length()).build();
  }

  static List<Value> split(Text text, Text separator, int limit, boolean fromRight, Fuel fuel) {
    return fromRight
        ? splitFromRight(text, separator, limit, fuel)
        : splitFromLeft(text, separator, limit, fuel);
  }

  private static List<Value> splitFromLeft(Text text, Text separator, int limit, Fuel fuel) {
    List<Value> parts = new ArrayList<>();
    int done = 0;
    for (int at = CodePoints.indexOf(text.chars(), separator.chars(), 0, fuel);
        at >= 0 && parts.size() < limit;
        at = CodePoints.indexOf(text.chars(), separator.chars(), done, fuel)) {
      fuel.characters(at - done);
      parts.add(text.substring(done, at));
      done = at + separator.length();
    }
    parts.add(text.substring(done, text.length()));
    return parts;
  }

  private static List<Value> splitFromRight(Text text, Text separator, int limit, Fuel fuel) {
    List<Value> parts = new ArrayList<>();
    int end = text.length();
    while (parts.size() < limit) {
      int at =
          CodePoints.lastIndexOf(text.chars(), separator.chars(), end - separator.length(), fuel);
      if (at < 0 || end < separator.length()) {
        break;
      }
      fuel.characters(end - at);
      parts.add(text.substring(at + separator.length(), end));
      end = at;
    }
    parts.add(text.substring(0, end));
    Collections.reverse(parts);
    return parts;
  }

  static List<Value> splitAtSpace(Text text, int limit, boolean fromRight, Fuel fuel) {
    return fromRight ? wordsFromRight(text, limit, fuel) : wordsFromLeft(text, limit, fuel);
  }

  private static List<Value> wordsFromLeft(Text text, int limit, Fuel fuel) {
    String s = text.chars();
    List<Value> words = new ArrayList<>();
    int at = skipSpace(s, 0);
    while (at < s.length() && words.size() < limit) {
      int end = at;
      while (end < s.length() && !CodePoints.isSpace(s.charAt(end))) {
        end++;
      }
      fuel.characters(end - at);
      words.add(text.substring(at, end));
      at = skipSpace(s, end);
    }
    if (at < s.length()) {
      words.add(text.substring(at, s.length()));
    }
    return words;
  }

  private static int skipSpace(String s, int from) {
    int at = from;
    while (at < s.length() && CodePoints.isSpace(s.charAt(at))) {
      at++;
    }
    return at;
  }

  private static List<Value> wordsFromRight(Text text, int limit, Fuel fuel) {
    String s = text.chars();
    List<Value> words = new ArrayList<>();
    int end = skipSpaceBack(s, s.length());
    while (end > 0 && words.size() < limit) {
      int at = end;
      while (at > 0 && !CodePoints.isSpace(s.charAt(at - 1))) {
        at--;
      }
      fuel.characters(end - at);
      words.add(text.substring(at, end));
      end = skipSpaceBack(s, at);
    }
    if (end > 0) {
      words.add(text.substring(0, end));
    }
    Collections.reverse(words);
    return words;
  }

  private static int skipSpaceBack(String s, int from) {
    int end = from;
    while (end > 0 && CodePoints.isSpace(s.charAt(end - 1))) {
      end--;
    }
    return end;
  }

  static List<Value> lines(Text text, boolean keepEnds, Fuel fuel) {
    String s = text.chars();
    List<Value> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < s.length(); i++) {
      if (isLineEnd(s.charAt(i))) {
        int end = i;
        if (s.charAt(i) == '\r' && i + 1 < s.length() && s.charAt(i + 1) == '\n') {
          i++;
        }
        fuel.characters(end - start);
        lines.add(text.substring(start, keepEnds ? i + 1 : end));
        start = i + 1;
      }
    }
    if (start < s.length()) {
      lines.add(text.substring(start, s.length()));
    }
    return lines;
  }

  private static boolean isLineEnd(char c) {
    return (c >= '\n' && c <= '\r')
        || (c >= 0x1c && c <= 0x1e)
        || c == 0x85
        || c == 0x2028
        || c == 0x2029;
  }

  static Text padded(Text text, int left, int right, Text fill, Fuel fuel) {
    Operators operators = new Operators(fuel);
    return new TextBuilder(fuel)
        .append(operators.repeat(fill, left))
        .append(text)
        .append(operators.repeat(fill, right))
        .build();
  }
}
