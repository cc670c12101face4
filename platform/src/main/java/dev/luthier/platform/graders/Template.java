package dev.luthier.platform.graders;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Text with places to fill in, such as `{{ item.answer }}` or `{{sample.output_json.parts[0]}}`.
///
/// A place names `item` or `sample` and then a path of keys and indices; there is nothing else to
/// write, no filter and no loop. A string is filled in as it is, any other value as JSON.
public final class Template {
  private static final int LENGTH_MAX = 1 << 18;
  private static final Set<String> NAMESPACES = Set.of("item", "sample");

  private static final Pattern STEP =
      Pattern.compile(
          "\\.\\s*(?<key>[\\p{L}_][\\p{L}\\p{N}_-]*)|\\[\\s*(?<index>\\d{1,9})\\s*]"
              + "|\\[\\s*(?:'(?<single>[^']*)'|\"(?<double>[^\"]*)\")\\s*]");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");

  private sealed interface Piece {
    record Words(String text) implements Piece {}

    record Place(Path path) implements Piece {}
  }

  /// Which value: the steps from a namespace down.
  ///
  /// @param written as the template writes it
  record Path(String written, String namespace, List<Step> steps) {}

  sealed interface Step {
    record Key(String name) implements Step {}

    record Index(int index) implements Step {}
  }

  private final String source;
  private final List<Piece> pieces;

  private Template(String source, List<Piece> pieces) {
    this.source = source;
    this.pieces = pieces;
  }

  /// Reads a template.
  ///
  /// @throws IllegalArgumentException that says what is wrong at which character
  public static Template parse(String source) {
    if (source.length() > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "it has %d characters, and a template may have %d"
              .formatted(source.length(), LENGTH_MAX));
    }
    List<Piece> pieces = new ArrayList<>();
    int from = 0;
    while (true) {
      int open = source.indexOf("{{", from);
      if (open < 0) {
        pieces.add(new Piece.Words(source.substring(from)));
        return new Template(source, List.copyOf(pieces));
      }
      int close = source.indexOf("}}", open);
      if (close < 0) {
        throw new IllegalArgumentException(
            "'{{' at character %d has no '}}' after it".formatted(open + 1));
      }
      pieces.add(new Piece.Words(source.substring(from, open)));
      pieces.add(new Piece.Place(path(source.substring(open + 2, close), open + 3)));
      from = close + 2;
    }
  }

  static Path path(String written) {
    return path(written, 3);
  }

  /// @param position of the first character, from 1
  private static Path path(String written, int position) {
    String text = written.strip();
    Matcher name = NAME.matcher(text);
    if (!name.lookingAt() || !NAMESPACES.contains(name.group())) {
      throw new IllegalArgumentException(
          "'{{%s}}' at character %d begins with neither 'item' nor 'sample'"
              .formatted(written, position - 2));
    }
    List<Step> steps = new ArrayList<>();
    Matcher step = STEP.matcher(text);
    int at = name.end();
    while (at < text.length()) {
      step.region(at, text.length());
      if (!step.lookingAt()) {
        throw new IllegalArgumentException(
            "'{{%s}}' at character %d cannot be read from '%s' on; write keys as .key or ['key'] and"
                    .formatted(written, position - 2, text.substring(at))
                + " indices as [0]");
      }
      steps.add(step(step));
      at = step.end();
    }
    return new Path(text, name.group(), List.copyOf(steps));
  }

  private static Step step(Matcher matched) {
    if (matched.group("index") != null) {
      return new Step.Index(Integer.parseInt(matched.group("index")));
    }
    if (matched.group("key") != null) {
      return new Step.Key(matched.group("key"));
    }
    return new Step.Key(
        matched.group("single") != null ? matched.group("single") : matched.group("double"));
  }

  /// The text with every place filled in.
  public String fill(Scope scope) {
    StringBuilder text = new StringBuilder();
    for (Piece piece : pieces) {
      switch (piece) {
        case Piece.Words(String words) -> text.append(words);
        case Piece.Place(Path path) -> {
          JsonNode value = scope.value(path);
          text.append(value.isString() ? value.asString() : value.toString());
        }
      }
    }
    return text.toString();
  }

  /// The places that name something of a row that this row does not have.
  List<String> missing(JsonNode item) {
    Scope row = Scope.of(item);
    return pieces.stream()
        .filter(piece -> piece instanceof Piece.Place(Path path) && isMissing(path, row))
        .map(piece -> "{{" + ((Piece.Place) piece).path().written() + "}}")
        .toList();
  }

  private static boolean isMissing(Path path, Scope row) {
    if (!path.namespace().equals("item")) {
      return false;
    }
    try {
      row.value(path);
      return false;
    } catch (TemplateException _) {
      return true;
    }
  }

  /// As it was written.
  public String source() {
    return source;
  }

  @Override
  public String toString() {
    return source;
  }
}
