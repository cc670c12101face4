package dev.luthier.text;

import dev.luthier.text.RenderedEncoder.Control;
import dev.luthier.text.rows.ChatRow;
import dev.luthier.text.template.Origin;
import dev.luthier.text.template.Rendered;
import dev.luthier.text.template.Span;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Finds the parts of a rendered row that are trained: of each assistant's message of weight 1 what
/// the model itself would write, from the end of the generation prompt through the token that ends
/// the turn, so that the model learns to stop.
final class TrainedTurns {
  private final PromptRenderer renderer;
  private final Set<Integer> endTokens;

  TrainedTurns(PromptRenderer renderer, Set<Integer> endTokens) {
    this.renderer = renderer;
    this.endTokens = endTokens;
  }

  /// Marks the UTF-16 units of the text that are trained.
  ///
  /// @param row the row as it came, with weights
  /// @param messages its messages as they were rendered
  /// @param controls the names of control tokens in the text
  BitSet find(ChatRow row, ArrayNode messages, Rendered whole, List<Control> controls) {
    var trained = new BitSet(whole.text().length());
    for (int m = 0; m < messages.size(); m++) {
      if (ChatRow.isTrained(row.messages().get(m))) {
        int start = start(whole, messages, row.tools(), m);
        trained.set(start, Math.max(start, end(whole, controls, start, m)));
      }
    }
    return trained;
  }

  /// Where the answer begins: after the conversation before it, rendered as it is when the answer
  /// is asked for. Some templates render earlier turns otherwise once the conversation goes on;
  /// then the generation prompt alone is looked for, around the message's first character.
  private int start(Rendered whole, ArrayNode messages, Optional<JsonNode> tools, int message) {
    int first = spansOf(whole, message).stream().mapToInt(Span::start).findFirst().orElse(-1);
    try {
      ArrayNode before = before(messages, message);
      String asked = renderer.render(before, tools, true).text();
      if (whole.text().startsWith(asked)) {
        return asked.length();
      }
      String unasked = renderer.render(before, tools, false).text();
      if (first >= 0 && asked.startsWith(unasked)) {
        String prompt = asked.substring(unasked.length());
        int found = whole.text().lastIndexOf(prompt, first);
        if (found >= 0 && found + prompt.length() >= first) {
          return found + prompt.length();
        }
      }
    } catch (MessagesException _) {
      // A template may refuse a conversation that has not begun; the message itself is left to us.
    }
    return first >= 0 ? first : whole.text().length();
  }

  private static ArrayNode before(ArrayNode messages, int message) {
    ArrayNode before = JsonNodeFactory.instance.arrayNode();
    for (int m = 0; m < message; m++) {
      before.add(messages.get(m));
    }
    return before;
  }

  private int end(Rendered whole, List<Control> controls, int start, int message) {
    int last = spansOf(whole, message).stream().mapToInt(Span::end).max().orElse(start);
    int written = Math.max(start, last);
    int next =
        whole.spans().stream()
            .filter(span -> span.start() >= written)
            .filter(span -> span.origin() instanceof Origin.Message(int m) && m > message)
            .mapToInt(Span::start)
            .findFirst()
            .orElse(whole.text().length());
    return controls.stream()
        .filter(control -> control.byTemplate() && endTokens.contains(control.id()))
        .filter(control -> control.start() >= written && control.start() < next)
        .mapToInt(Control::end)
        .findFirst()
        .orElse(written);
  }

  private static List<Span> spansOf(Rendered whole, int message) {
    var spans = new ArrayList<Span>();
    for (Span span : whole.spans()) {
      if (span.origin() instanceof Origin.Message(int m) && m == message) {
        spans.add(span);
      }
    }
    return spans;
  }
}
