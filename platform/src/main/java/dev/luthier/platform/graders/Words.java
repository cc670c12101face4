package dev.luthier.platform.graders;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Cuts texts into words.
final class Words {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");
  private static final Pattern WORD_OR_MARK =
      Pattern.compile("[\\p{L}\\p{M}\\p{N}]+|[^\\p{L}\\p{M}\\p{N}\\s]");

  private Words() {}

  /// Runs of letters and digits in lower case; everything else only parts them. For plain English
  /// these are the words of rouge-score, which knows no other letters.
  static List<String> folded(String text) {
    return all(WORD, text.toLowerCase(Locale.ROOT));
  }

  /// Runs of letters and digits as they are written, and every other mark as a word of its own.
  static List<String> withMarks(String text) {
    return all(WORD_OR_MARK, text);
  }

  private static List<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).toList();
  }
}
