package dev.luthier.text.template;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/// Python's `strftime` of the present moment, in English and without a zone, as `datetime.now()`
/// knows none.
final class TimeFormat {
  private static final Map<Character, String> FIELDS =
      Map.ofEntries(
          Map.entry('a', "EEE"),
          Map.entry('A', "EEEE"),
          Map.entry('b', "MMM"),
          Map.entry('h', "MMM"),
          Map.entry('B', "MMMM"),
          Map.entry('d', "dd"),
          Map.entry('e', "ppd"),
          Map.entry('f', "SSSSSS"),
          Map.entry('H', "HH"),
          Map.entry('I', "hh"),
          Map.entry('j', "DDD"),
          Map.entry('k', "ppH"),
          Map.entry('l', "pph"),
          Map.entry('m', "MM"),
          Map.entry('M', "mm"),
          Map.entry('p', "a"),
          Map.entry('S', "ss"),
          Map.entry('y', "yy"),
          Map.entry('Y', "uuuu"),
          Map.entry('G', "YYYY"),
          Map.entry('V', "ww"),
          Map.entry('u', "e"),
          Map.entry('F', "uuuu-MM-dd"),
          Map.entry('T', "HH:mm:ss"),
          Map.entry('X', "HH:mm:ss"),
          Map.entry('R', "HH:mm"),
          Map.entry('D', "MM/dd/yy"),
          Map.entry('x', "MM/dd/yy"),
          Map.entry('r', "hh:mm:ss a"),
          Map.entry('c', "EEE MMM ppd HH:mm:ss uuuu"));
  private static final Map<Character, String> UNPADDED =
      Map.of(
          'd', "d", 'e', "d", 'H', "H", 'I', "h", 'j', "D", 'm', "M", 'M', "m", 'S', "s", 'y',
          "yy");

  private TimeFormat() {}

  static String format(String format, Clock clock, Fuel fuel) {
    ZonedDateTime now = ZonedDateTime.now(clock);
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      fuel.step();
      char c = format.charAt(i);
      if (c != '%' || i + 1 == format.length()) {
        out.append(c);
        continue;
      }
      char code = format.charAt(++i);
      boolean unpadded = code == '-' && i + 1 < format.length();
      out.append(unpadded ? field(UNPADDED, format.charAt(++i), now) : field(FIELDS, code, now));
    }
    fuel.characters(out.length());
    return out.toString();
  }

  private static String field(Map<Character, String> fields, char code, ZonedDateTime now) {
    return switch (code) {
      case '%' -> "%";
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'z', 'Z' -> "";
      case 's' -> String.valueOf(now.toEpochSecond());
      case 'C' -> "%02d".formatted(now.getYear() / 100);
      case 'w' -> String.valueOf(now.getDayOfWeek().getValue() % 7);
      case 'U' ->
          "%02d".formatted((now.getDayOfYear() + 6 - now.getDayOfWeek().getValue() % 7) / 7);
      case 'W' -> "%02d".formatted((now.getDayOfYear() + 7 - now.getDayOfWeek().getValue()) / 7);
      default -> {
        String pattern = fields.get(code);
        if (pattern == null) {
          throw new Refusal("strftime_now does not know the field '%" + code + "'");
        }
        Locale locale = Locale.forLanguageTag("en-US-u-fw-mon-ca-gregory");
        boolean isoWeek = code == 'G' || code == 'V' || code == 'u';
        yield DateTimeFormatter.ofPattern(
                pattern, isoWeek ? Locale.forLanguageTag("en-GB") : locale)
            .format(now);
      }
    };
  }
}
