package dev.luthier.text.template;

import dev.luthier.text.template.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Cuts a template into tokens as jinja2's lexer does with `trim_blocks` and `lstrip_blocks`.
final class Lexer {
  private static final String SPACE = "[\\s\\x{1c}-\\x{1f}\\x{85}\\x{a0}\\p{Z}]*";
  private static final Pattern RAW =
      Pattern.compile("\\{%([-+]?)\\s*raw\\s*(?:-%}" + SPACE + "|%})");
  private static final Pattern END_RAW =
      Pattern.compile("\\{%([-+]?)\\s*endraw\\s*(?:\\+%}|-%}" + SPACE + "|%}\\n?)");
  private static final Pattern END_BLOCK = Pattern.compile("\\+%}|-%}" + SPACE + "|%}\\n?");
  private static final Pattern END_VARIABLE = Pattern.compile("-}}" + SPACE + "|}}");
  private static final Pattern END_COMMENT = Pattern.compile("\\+#}|-#}" + SPACE + "|#}\\n?");
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?<!\\.)(?:\\d+_)*\\d+(?:(?:\\.(?:\\d+_)*\\d+)?[eE][+\\-]?(?:\\d+_)*\\d+|\\.(?:\\d+_)*\\d+)");
  private static final Pattern INTEGER =
      Pattern.compile(
          "0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[0-9a-fA-F])+|[1-9](?:_?\\d)*|0(?:_?0)*");
  private static final Pattern NAME =
      Pattern.compile("[\\p{L}\\p{Nl}_][\\p{L}\\p{Nl}\\p{M}\\p{Nd}_]*");
  private static final Pattern OPERATOR =
      Pattern.compile("\\*\\*|//|==|!=|>=|<=|[+\\-/*%~\\[\\](){}><=.:|,;]");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private boolean lineStarts = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> tokens(String template) {
    String lines = template.replace("\r\n", "\n").replace('\r', '\n');
    Lexer lexer = new Lexer(lines.endsWith("\n") ? lines.substring(0, lines.length() - 1) : lines);
    while (lexer.at < lexer.source.length()) {
      lexer.data();
    }
    lexer.add(Kind.EOF, "");
    return lexer.tokens;
  }

  private void data() {
    int tag = nextTag();
    if (tag < 0) {
      addData(source.substring(at));
      at = source.length();
      return;
    }
    Matcher raw = matcher(RAW, tag);
    if (raw.lookingAt()) {
      text(tag, raw.group(1), true);
      moveTo(raw.end());
      raw();
      return;
    }
    char kind = source.charAt(tag + 1);
    String sign = tag + 2 < source.length() ? source.substring(tag + 2, tag + 3) : "";
    sign = sign.equals("-") || sign.equals("+") ? sign : "";
    text(tag, sign, kind != '{');
    moveTo(tag + 2 + sign.length());
    switch (kind) {
      case '#' -> comment();
      case '%' -> code(Kind.BLOCK_BEGIN, Kind.BLOCK_END, END_BLOCK);
      default -> code(Kind.VARIABLE_BEGIN, Kind.VARIABLE_END, END_VARIABLE);
    }
  }

  private int nextTag() {
    for (int i = source.indexOf('{', at); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  /// Text before a tag, without the blanks that the tag's sign or `lstrip_blocks` takes.
  private void text(int tag, String sign, boolean stripsLine) {
    String text = source.substring(at, tag);
    if (sign.equals("-")) {
      int end = text.length();
      while (end > 0 && CodePoints.isSpace(text.charAt(end - 1))) {
        end--;
      }
      text = text.substring(0, end);
    } else if (stripsLine && sign.isEmpty()) {
      int lineStart = text.lastIndexOf('\n') + 1;
      if ((lineStart > 0 || lineStarts)
          && text.substring(lineStart).chars().allMatch(CodePoints::isSpace)) {
        text = text.substring(0, lineStart);
      }
    }
    addData(text);
    moveTo(tag);
  }

  private void raw() {
    Matcher end = matcher(END_RAW, at);
    if (!end.find()) {
      throw new TemplateException(line, "{% raw %} without {% endraw %}");
    }
    text(end.start(), end.group(1), true);
    moveTo(end.end());
  }

  private void comment() {
    Matcher end = matcher(END_COMMENT, at);
    if (!end.find()) {
      throw new TemplateException(line, "comment without end: '#}' is missing");
    }
    moveTo(end.end());
  }

  private void code(Kind begin, Kind end, Pattern endPattern) {
    add(begin, "");
    Deque<String> open = new ArrayDeque<>();
    while (true) {
      while (at < source.length() && CodePoints.isSpace(source.charAt(at))) {
        moveTo(at + 1);
      }
      if (at >= source.length()) {
        return;
      }
      Matcher ends = matcher(endPattern, at);
      if (open.isEmpty() && ends.lookingAt()) {
        add(end, "");
        moveTo(ends.end());
        return;
      }
      if (!number() && !name() && !string()) {
        operator(open);
      }
    }
  }

  private boolean number() {
    return take(FLOAT, Kind.FLOAT) || take(INTEGER, Kind.INTEGER);
  }

  private boolean name() {
    return take(NAME, Kind.NAME);
  }

  private boolean take(Pattern pattern, Kind kind) {
    Matcher matcher = matcher(pattern, at).useTransparentBounds(true);
    if (!matcher.lookingAt()) {
      return false;
    }
    add(kind, matcher.group());
    moveTo(matcher.end());
    return true;
  }

  private boolean string() {
    char quote = source.charAt(at);
    if (quote != '\'' && quote != '"') {
      return false;
    }
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw new TemplateException(line, "string without end: a closing " + quote + " is missing");
    }
    add(Kind.STRING, StringEscapes.decode(source.substring(at + 1, end), line));
    moveTo(end + 1);
    return true;
  }

  private void operator(Deque<String> open) {
    Matcher matcher = matcher(OPERATOR, at);
    if (!matcher.lookingAt()) {
      String odd = new String(Character.toChars(source.codePointAt(at)));
      throw new TemplateException(line, "unexpected character '" + odd + "'");
    }
    String operator = matcher.group();
    switch (operator) {
      case "(" -> open.push(")");
      case "[" -> open.push("]");
      case "{" -> open.push("}");
      case ")", "]", "}" -> {
        String expected = open.isEmpty() ? "nothing" : open.pop();
        if (!expected.equals(operator)) {
          throw new TemplateException(
              line, "unexpected '%s' where '%s' closes".formatted(operator, expected));
        }
      }
      default -> {}
    }
    add(Kind.OPERATOR, operator);
    moveTo(matcher.end());
  }

  private Matcher matcher(Pattern pattern, int from) {
    return pattern.matcher(source).region(from, source.length());
  }

  private void addData(String text) {
    if (!text.isEmpty()) {
      add(Kind.DATA, text);
    }
  }

  private void add(Kind kind, String text) {
    tokens.add(new Token(kind, text, line));
  }

  private void moveTo(int position) {
    for (int i = at; i < position; i++) {
      if (source.charAt(i) == '\n') {
        line++;
      }
    }
    lineStarts = position == 0 || source.charAt(position - 1) == '\n';
    at = position;
  }
}
