package dev.luthier.text;

import dev.luthier.text.RenderedEncoder.Control;
import dev.luthier.text.template.Origin;
import dev.luthier.text.template.Rendered;
import dev.luthier.text.template.Span;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Finds the tokens that end an answer.
final class EndTokens {
  private EndTokens() {}

  /// The configured ones, and the control token that the template writes after an answer: for some
  /// bases the configuration names only the end of a whole text.
  static Set<Integer> of(
      Set<Integer> configured, PromptRenderer renderer, RenderedEncoder encoder) {
    var tokens = new HashSet<Integer>(configured);
    ArrayNode chat = JsonNodeFactory.instance.arrayNode();
    chat.addObject().put("role", "user").put("content", "a");
    chat.addObject().put("role", "assistant").put("content", "b");
    try {
      Rendered rendered = renderer.render(chat, Optional.empty(), false);
      int written =
          rendered.spans().stream()
              .filter(span -> span.origin() instanceof Origin.Message(int m) && m == 1)
              .mapToInt(Span::end)
              .max()
              .orElse(rendered.text().length());
      encoder.controls(rendered).stream()
          .filter(control -> control.byTemplate() && control.start() >= written)
          .findFirst()
          .map(Control::id)
          .ifPresent(tokens::add);
    } catch (MessagesException _) {
      // A template that refuses the plainest chat says why when it is used.
    }
    return Set.copyOf(tokens);
  }
}
