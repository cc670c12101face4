package dev.luthier.text.template;

import java.util.Optional;

/// Python counts characters as code points, Java as UTF-16 units; and what Python calls a space.
final class CodePoints {
  private static final int COMPARED_PER_STEP = 64;
  private static final int COMPARED_AT_ONCE = 4_096;

  private CodePoints() {}

  static boolean isSpace(int c) {
    return c == ' '
        || (c >= 0x09 && c <= 0x0d)
        || (c >= 0x1c && c <= 0x1f)
        || (c >= 0x80
            && (c == 0x85
                || c == 0xa0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200a)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000));
  }

  static int length(String s) {
    return s.codePointCount(0, s.length());
  }

  /// UTF-16 offset of a code point that is inside the text or just behind it.
  static int offset(String s, int codePoint) {
    return s.offsetByCodePoints(0, codePoint);
  }

  /// `String.indexOf` that pays for each comparison: a long repetitive string sought in another
  /// takes the product of their lengths.
  static int indexOf(String s, String sought, int from, Fuel fuel) {
    return search(s, sought, from, 1, fuel);
  }

  /// `String.lastIndexOf`, paid for in the same way.
  static int lastIndexOf(String s, String sought, int from, Fuel fuel) {
    return search(s, sought, Math.min(from, s.length() - sought.length()), -1, fuel);
  }

  private static int search(String s, String sought, int from, int direction, Fuel fuel) {
    int last = s.length() - sought.length();
    long compared = 0;
    for (int at = from; at >= 0 && at <= last; at += direction) {
      int same = 0;
      while (same < sought.length() && s.charAt(at + same) == sought.charAt(same)) {
        same++;
      }
      if (same == sought.length()) {
        return at;
      }
      compared += same + 1;
      if (compared >= COMPARED_AT_ONCE) {
        fuel.steps(compared / COMPARED_PER_STEP);
        compared = 0;
      }
    }
    return -1;
  }

  /// Strips characters of `set` (blanks if empty) on the chosen sides.
  static Text strip(Text text, Optional<String> set, boolean left, boolean right, Fuel fuel) {
    long price = set.map(String::length).orElse(0) / 64;
    String s = text.chars();
    int from = 0;
    int to = s.length();
    while (left && from < to && stripped(s.codePointAt(from), set)) {
      fuel.steps(price);
      from += Character.charCount(s.codePointAt(from));
    }
    while (right && to > from && stripped(s.codePointBefore(to), set)) {
      fuel.steps(price);
      to -= Character.charCount(s.codePointBefore(to));
    }
    return text.substring(from, to);
  }

  private static boolean stripped(int c, Optional<String> set) {
    return set.isEmpty() ? isSpace(c) : set.get().indexOf(c) >= 0;
  }
}
