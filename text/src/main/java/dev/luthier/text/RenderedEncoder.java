package dev.luthier.text;

import dev.luthier.text.template.Origin;
import dev.luthier.text.template.Rendered;
import dev.luthier.text.template.Span;
import dev.luthier.text.tokenizer.SpecialTokens;
import dev.luthier.text.tokenizer.TokenizedText;
import dev.luthier.text.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Encodes rendered conversations so that only the template writes control tokens.
///
/// A text without names of control tokens outside of the template's own spans is encoded in one go,
/// so ordinary conversations get exactly the ids that transformers gives them. Otherwise the text
/// is split at the template's control tokens, and the pieces between are encoded as plain text.
final class RenderedEncoder {
  /// The name of a control token in a text.
  ///
  /// @param start its first UTF-16 unit
  /// @param end one past its last
  /// @param byTemplate whether the template wrote all of it
  record Control(int start, int end, int id, boolean byTemplate) {}

  private final Tokenizer tokenizer;

  /// Names of control tokens by their first letter, the longest first.
  private final Map<Character, List<String>> names = new HashMap<>();

  RenderedEncoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    for (String name : tokenizer.controlTokens()) {
      if (!name.isEmpty()) {
        names.computeIfAbsent(name.charAt(0), _ -> new ArrayList<>()).add(name);
      }
    }
    names.values().forEach(list -> list.sort(Comparator.comparingInt(String::length).reversed()));
  }

  TokenizedText encode(Rendered rendered) {
    return encode(rendered, controls(rendered));
  }

  /// As [#encode(Rendered)], where the control tokens of the text are known already.
  TokenizedText encode(Rendered rendered, List<Control> controls) {
    return controls.stream().allMatch(Control::byTemplate)
        ? tokenizer.encodeWithStarts(rendered.text(), SpecialTokens.AS_CONTROL)
        : encodeInPieces(rendered.text(), controls);
  }

  /// All names of control tokens in a text, from left to right, at each place the longest.
  List<Control> controls(Rendered rendered) {
    String text = rendered.text();
    var controls = new ArrayList<Control>();
    int at = 0;
    while (at < text.length()) {
      String name = nameAt(text, at);
      if (name.isEmpty()) {
        at++;
      } else {
        int end = at + name.length();
        int id = tokenizer.idOf(name).orElseThrow();
        controls.add(new Control(at, end, id, byTemplate(rendered.spans(), at, end)));
        at = end;
      }
    }
    return controls;
  }

  private String nameAt(String text, int at) {
    for (String name : names.getOrDefault(text.charAt(at), List.of())) {
      if (text.startsWith(name, at)) {
        return name;
      }
    }
    return "";
  }

  private static boolean byTemplate(List<Span> spans, int start, int end) {
    return spans.stream()
        .dropWhile(span -> span.end() <= start)
        .takeWhile(span -> span.start() < end)
        .allMatch(span -> span.origin() instanceof Origin.Template);
  }

  private TokenizedText encodeInPieces(String text, List<Control> controls) {
    IntStream.Builder ids = IntStream.builder();
    IntStream.Builder starts = IntStream.builder();
    int at = 0;
    for (Control control : controls) {
      if (control.byTemplate()) {
        addPlain(text, at, control.start(), ids, starts);
        ids.add(control.id());
        starts.add(control.start());
        at = control.end();
      }
    }
    addPlain(text, at, text.length(), ids, starts);
    return new TokenizedText(ids.build().toArray(), starts.build().toArray());
  }

  private void addPlain(
      String text, int start, int end, IntStream.Builder ids, IntStream.Builder starts) {
    if (start < end) {
      TokenizedText piece =
          tokenizer.encodeWithStarts(text.substring(start, end), SpecialTokens.AS_TEXT);
      for (int t = 0; t < piece.ids().length; t++) {
        ids.add(piece.ids()[t]);
        starts.add(start + piece.starts()[t]);
      }
    }
  }
}
