package dev.luthier.platform.graders;

import java.util.List;

/// The stem of an English word by Porter's algorithm (1980), step by step as he published it. Words
/// of other letters than a to z stay as they are.
final class EnglishStem {
  private record Ending(String from, String to) {}

  private static final List<Ending> STEP_2 =
      List.of(
          new Ending("ational", "ate"),
          new Ending("tional", "tion"),
          new Ending("enci", "ence"),
          new Ending("anci", "ance"),
          new Ending("izer", "ize"),
          new Ending("abli", "able"),
          new Ending("alli", "al"),
          new Ending("entli", "ent"),
          new Ending("eli", "e"),
          new Ending("ousli", "ous"),
          new Ending("ization", "ize"),
          new Ending("ation", "ate"),
          new Ending("ator", "ate"),
          new Ending("alism", "al"),
          new Ending("iveness", "ive"),
          new Ending("fulness", "ful"),
          new Ending("ousness", "ous"),
          new Ending("aliti", "al"),
          new Ending("iviti", "ive"),
          new Ending("biliti", "ble"));

  private static final List<Ending> STEP_3 =
      List.of(
          new Ending("icate", "ic"),
          new Ending("ative", ""),
          new Ending("alize", "al"),
          new Ending("iciti", "ic"),
          new Ending("ical", "ic"),
          new Ending("ful", ""),
          new Ending("ness", ""));

  private static final List<String> STEP_4 =
      List.of(
          "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "sion",
          "tion", "ou", "ism", "ate", "iti", "ous", "ive", "ize");

  private EnglishStem() {}

  static String of(String word) {
    if (word.length() < 3 || !word.chars().allMatch(c -> c >= 'a' && c <= 'z')) {
      return word;
    }
    String stem = pastAndGerund(plural(word));
    if (stem.endsWith("y") && hasVowel(cut(stem, 1))) {
      stem = cut(stem, 1) + "i";
    }
    stem = replaced(stem, STEP_2);
    stem = replaced(stem, STEP_3);
    return withoutLastE(withoutSuffix(stem));
  }

  /// Step 1a.
  private static String plural(String word) {
    if (word.endsWith("sses") || word.endsWith("ies")) {
      return cut(word, 2);
    }
    return word.endsWith("s") && !word.endsWith("ss") ? cut(word, 1) : word;
  }

  /// Step 1b.
  private static String pastAndGerund(String word) {
    if (word.endsWith("eed")) {
      return measure(cut(word, 3)) > 0 ? cut(word, 1) : word;
    }
    for (String ending : List.of("ed", "ing")) {
      if (word.endsWith(ending)) {
        String rest = cut(word, ending.length());
        return hasVowel(rest) ? mended(rest) : word;
      }
    }
    return word;
  }

  private static String mended(String rest) {
    if (rest.endsWith("at") || rest.endsWith("bl") || rest.endsWith("iz")) {
      return rest + "e";
    }
    if (endsInDoubleConsonant(rest) && "lsz".indexOf(rest.charAt(rest.length() - 1)) < 0) {
      return cut(rest, 1);
    }
    return measure(rest) == 1 && endsInShortSyllable(rest) ? rest + "e" : rest;
  }

  /// Steps 2 and 3: of the endings that fit, only the longest is looked at.
  private static String replaced(String word, List<Ending> endings) {
    String found = "";
    String to = "";
    for (Ending ending : endings) {
      if (word.endsWith(ending.from()) && ending.from().length() > found.length()) {
        found = ending.from();
        to = ending.to();
      }
    }
    String rest = cut(word, found.length());
    return !found.isEmpty() && measure(rest) > 0 ? rest + to : word;
  }

  /// Step 4.
  private static String withoutSuffix(String word) {
    String found = "";
    for (String ending : STEP_4) {
      if (word.endsWith(ending) && ending.length() > found.length()) {
        found = ending;
      }
    }
    // Of -sion and -tion only -ion goes.
    int length = found.endsWith("ion") ? 3 : found.length();
    String rest = cut(word, length);
    return length > 0 && measure(rest) > 1 ? rest : word;
  }

  /// Step 5.
  private static String withoutLastE(String word) {
    String stem = word;
    if (stem.endsWith("e")) {
      String rest = cut(stem, 1);
      int measure = measure(rest);
      if (measure > 1 || (measure == 1 && !endsInShortSyllable(rest))) {
        stem = rest;
      }
    }
    return stem.endsWith("ll") && measure(cut(stem, 1)) > 1 ? cut(stem, 1) : stem;
  }

  private static String cut(String word, int characters) {
    return word.substring(0, word.length() - characters);
  }

  private static boolean consonant(String word, int at) {
    return switch (word.charAt(at)) {
      case 'a', 'e', 'i', 'o', 'u' -> false;
      case 'y' -> at == 0 || !consonant(word, at - 1);
      default -> true;
    };
  }

  /// How often a vowel is followed by a consonant.
  private static int measure(String stem) {
    int measure = 0;
    for (int i = 1; i < stem.length(); i++) {
      measure += consonant(stem, i) && !consonant(stem, i - 1) ? 1 : 0;
    }
    return measure;
  }

  private static boolean hasVowel(String stem) {
    for (int i = 0; i < stem.length(); i++) {
      if (!consonant(stem, i)) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsInDoubleConsonant(String word) {
    int last = word.length() - 1;
    return last > 0 && word.charAt(last) == word.charAt(last - 1) && consonant(word, last);
  }

  /// Consonant, vowel, consonant other than w, x and y.
  private static boolean endsInShortSyllable(String word) {
    int last = word.length() - 1;
    return last >= 2
        && consonant(word, last)
        && !consonant(word, last - 1)
        && consonant(word, last - 2)
        && "wxy".indexOf(word.charAt(last)) < 0;
  }
}
