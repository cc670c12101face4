package dev.luthier.text.rows;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks for what should not be learnt: keys and tokens of the usual services, private keys,
/// numbers of payment cards. Goes over the line as it stands; a pattern is tried only where its
/// beginning is found, so rows without pay a search for a few words.
final class SecretScan {
  private record Kind(String start, Pattern pattern, FindingCode code, String what) {
    Kind(String start, String rest, FindingCode code, String what) {
      this(start, Pattern.compile(Pattern.quote(start) + rest), code, what);
    }
  }

  private static final List<Kind> KINDS =
      List.of(
          new Kind("sk-", "[A-Za-z0-9_-]{20,200}", FindingCode.API_KEY, "an API key"),
          new Kind("sk_live_", "[A-Za-z0-9]{16,200}", FindingCode.API_KEY, "a payment key"),
          new Kind("AKIA", "[A-Z0-9]{16}(?![A-Z0-9])", FindingCode.API_KEY, "an AWS access key"),
          new Kind("AIza", "[A-Za-z0-9_-]{35}", FindingCode.API_KEY, "a Google API key"),
          new Kind("hf_", "[A-Za-z0-9]{30,50}", FindingCode.ACCESS_TOKEN, "a Hugging Face token"),
          new Kind("ghp_", "[A-Za-z0-9]{36}", FindingCode.ACCESS_TOKEN, "a GitHub token"),
          new Kind("gho_", "[A-Za-z0-9]{36}", FindingCode.ACCESS_TOKEN, "a GitHub token"),
          new Kind("ghs_", "[A-Za-z0-9]{36}", FindingCode.ACCESS_TOKEN, "a GitHub token"),
          new Kind("github_pat_", "\\w{60,100}", FindingCode.ACCESS_TOKEN, "a GitHub token"),
          new Kind("glpat-", "[A-Za-z0-9_-]{20}", FindingCode.ACCESS_TOKEN, "a GitLab token"),
          new Kind(
              "xox", "[abprs]-[A-Za-z0-9-]{10,200}", FindingCode.ACCESS_TOKEN, "a Slack token"),
          new Kind(
              "eyJ",
              "[A-Za-z0-9_-]{10,2000}\\.eyJ[A-Za-z0-9_-]{10,4000}\\.[A-Za-z0-9_-]{10,1000}",
              FindingCode.ACCESS_TOKEN,
              "a signed token (JWT)"),
          new Kind(
              "-----BEGIN ", "[A-Z ]{0,20}PRIVATE KEY", FindingCode.PRIVATE_KEY, "a private key"));

  private static final int CARD_DIGITS_MIN = 13;
  private static final int CARD_DIGITS_MAX = 19;
  private static final int SHOWN = 4;

  private SecretScan() {}

  static void scan(Complaints complaints) {
    String text = complaints.text();
    for (Kind kind : KINDS) {
      int from = text.indexOf(kind.start());
      while (from >= 0) {
        Matcher matcher = kind.pattern().matcher(text).region(from, text.length());
        boolean found = startsWord(text, from) && matcher.lookingAt();
        if (found) {
          tell(complaints, kind.code(), from, matcher.end(), kind.what());
        }
        from = text.indexOf(kind.start(), found ? matcher.end() : from + kind.start().length());
      }
    }
    cards(complaints, text);
  }

  private static boolean startsWord(String text, int at) {
    if (at == 0) {
      return true;
    }
    char before = text.charAt(at - 1);
    boolean escaped = at > 1 && text.charAt(at - 2) == '\\' && "nrt".indexOf(before) >= 0;
    return escaped || (!Character.isLetterOrDigit(before) && before != '_' && before != '-');
  }

  /// Digits in groups, as cards are written, of which the last one is the check by Luhn's rule.
  private static void cards(Complaints complaints, String text) {
    int at = 0;
    while (at < text.length()) {
      if (!digit(text, at)) {
        at++;
        continue;
      }
      int end = at;
      var digits = new StringBuilder();
      while (digit(text, end) || separates(text, end)) {
        if (digit(text, end)) {
          digits.append(text.charAt(end));
        }
        end++;
      }
      boolean apart =
          (at == 0 || ("._".indexOf(text.charAt(at - 1)) < 0 && !letter(text, at - 1)))
              && !letter(text, end);
      if (apart && isCard(digits)) {
        tell(complaints, FindingCode.CARD_NUMBER, at, end, "the number of a payment card");
      }
      at = end;
    }
  }

  private static boolean digit(String text, int at) {
    return at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private static boolean letter(String text, int at) {
    return at < text.length()
        && Character.isLetter(text.charAt(at))
        && (at == 0 || text.charAt(at - 1) != '\\');
  }

  private static boolean separates(String text, int at) {
    return at < text.length()
        && (text.charAt(at) == ' ' || text.charAt(at) == '-')
        && digit(text, at + 1);
  }

  /// Payment cards begin with 3 to 6; nearly all other long numbers fail one of the three tests.
  static boolean isCard(CharSequence digits) {
    int count = digits.length();
    if (count < CARD_DIGITS_MIN
        || count > CARD_DIGITS_MAX
        || digits.charAt(0) < '3'
        || digits.charAt(0) > '6'
        || digits.chars().distinct().count() < 2) {
      return false;
    }
    int sum = 0;
    for (int i = 0; i < count; i++) {
      int digit = digits.charAt(count - 1 - i) - '0';
      int doubled = i % 2 == 0 ? digit : 2 * digit;
      sum += doubled > 9 ? doubled - 9 : doubled;
    }
    return sum % 10 == 0;
  }

  /// The secret itself is not repeated.
  private static void tell(
      Complaints complaints, FindingCode code, int from, int end, String what) {
    String text = complaints.text();
    String shown = text.substring(from, Math.min(end, from + SHOWN)) + "…";
    complaints.at(
        Severity.WARNING,
        code,
        JsonPlaces.column(text, from),
        " holds what looks like " + what + ": " + shown,
        "shown",
        shown);
  }
}
