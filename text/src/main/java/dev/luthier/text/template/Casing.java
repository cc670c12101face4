package dev.luthier.text.template;

import java.util.Locale;
import java.util.function.IntPredicate;

/// Upper and lower case, and Python's questions about the kinds of characters.
final class Casing {
  private Casing() {}

  static String upper(String s) {
    return s.toUpperCase(Locale.ROOT);
  }

  static String lower(String s) {
    return s.toLowerCase(Locale.ROOT);
  }

  static String casefold(String s) {
    return s.replace("ß", "ss").toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }

  static String capitalize(String s) {
    if (s.isEmpty()) {
      return s;
    }
    int end = s.offsetByCodePoints(0, 1);
    return titled(s.substring(0, end)) + lower(s.substring(end));
  }

  /// Python's `str.title`: a letter after anything but a letter begins a word.
  static String title(String s) {
    StringBuilder titled = new StringBuilder();
    boolean inWord = false;
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      String character = Character.toString(c);
      titled.append(inWord ? lower(character) : titled(character));
      inWord = isCased(c);
      i += Character.charCount(c);
    }
    return titled.toString();
  }

  /// The filter `title`: words begin after blanks, hyphens and opening brackets.
  static String titleWords(String s) {
    StringBuilder titled = new StringBuilder();
    boolean inWord = false;
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      String character = Character.toString(c);
      boolean separates = CodePoints.isSpace(c) || "-({[<".indexOf(c) >= 0;
      titled.append(inWord ? lower(character) : upper(character));
      inWord = !separates;
      i += Character.charCount(c);
    }
    return titled.toString();
  }

  private static String titled(String character) {
    int c = character.codePointAt(0);
    int title = Character.toTitleCase(c);
    boolean several = upper(character).codePointCount(0, upper(character).length()) > 1;
    if (!several || (title != c && title != Character.toUpperCase(c))) {
      return Character.toString(title);
    }
    String upper = upper(character);
    int end = upper.offsetByCodePoints(0, 1);
    return upper.substring(0, end) + lower(upper.substring(end));
  }

  static String swap(String s) {
    StringBuilder swapped = new StringBuilder();
    s.codePoints()
        .forEach(c -> {
          String character = Character.toString(c);
          swapped.append(Character.isUpperCase(c) ? lower(character) : upper(character));
        });
    return swapped.toString();
  }

  private static boolean isCased(int c) {
    return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
  }

  static boolean is(String question, String s) {
    return switch (question) {
      case "isalnum" -> all(s, c -> Character.isLetter(c) || isNumeric(c));
      case "isalpha" -> all(s, Character::isLetter);
      case "isascii" -> s.chars().allMatch(c -> c < 0x80);
      case "isdecimal" -> all(s, c -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER);
      case "isdigit" -> all(s, Casing::isDigit);
      case "isnumeric" -> all(s, Casing::isNumeric);
      case "isprintable" -> s.codePoints().allMatch(PythonText::isPrintable);
      case "isspace" -> all(s, CodePoints::isSpace);
      case "islower" -> isLower(s);
      case "isupper" -> isUpper(s);
      case "istitle" -> isTitle(s);
      default -> throw new IllegalArgumentException(question);
    };
  }

  private static boolean all(String s, IntPredicate test) {
    return !s.isEmpty() && s.codePoints().allMatch(test);
  }

  private static boolean isDigit(int c) {
    return Character.isDigit(c)
        || (Character.getType(c) == Character.OTHER_NUMBER && Character.digit(fold(c), 10) >= 0);
  }

  private static int fold(int c) {
    String folded =
        java.text.Normalizer.normalize(Character.toString(c), java.text.Normalizer.Form.NFKC);
    return folded.length() == 1 ? folded.charAt(0) : -1;
  }

  private static boolean isNumeric(int c) {
    return switch (Character.getType(c)) {
      case Character.DECIMAL_DIGIT_NUMBER, Character.OTHER_NUMBER, Character.LETTER_NUMBER -> true;
      default -> false;
    };
  }

  static boolean isLower(String s) {
    return s.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c))
        && s.codePoints().anyMatch(Character::isLowerCase);
  }

  static boolean isUpper(String s) {
    return s.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c))
        && s.codePoints().anyMatch(Character::isUpperCase);
  }

  private static boolean isTitle(String s) {
    boolean inWord = false;
    boolean any = false;
    for (int c : s.codePoints().toArray()) {
      boolean begins = Character.isUpperCase(c) || Character.isTitleCase(c);
      if (begins == inWord && isCased(c)) {
        return false;
      }
      inWord = isCased(c);
      any |= inWord;
    }
    return any;
  }
}
