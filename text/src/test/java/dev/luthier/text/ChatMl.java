package dev.luthier.text;

import dev.luthier.text.template.Origin;
import dev.luthier.text.template.Rendered;
import dev.luthier.text.template.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Renders as the template of the tiny base does, without tools, and in variations that real
/// templates show.
record ChatMl(String introduction, String endOfTurn, boolean hidesEarlierThoughts)
    implements PromptRenderer {
  static ChatMl plain() {
    return new ChatMl("You are a helpful assistant.", "<|im_end|>\n", false);
  }

  @Override
  public Rendered render(JsonNode messages, Optional<JsonNode> tools, boolean answerBegins) {
    var text = new StringBuilder();
    var spans = new ArrayList<Span>();
    if (!messages.path(0).path("role").asString("").equals("system") && !introduction.isEmpty()) {
      write(text, spans, "<|im_start|>system\n" + introduction + endOfTurn, new Origin.Template());
    }
    for (int m = 0; m < messages.size(); m++) {
      write(text, spans, "<|im_start|>", new Origin.Template());
      write(text, spans, messages.get(m).path("role").asString(), new Origin.Message(m));
      write(text, spans, "\n", new Origin.Template());
      write(text, spans, content(messages, m), new Origin.Message(m));
      write(text, spans, endOfTurn, new Origin.Template());
    }
    if (answerBegins) {
      write(text, spans, "<|im_start|>assistant\n", new Origin.Template());
    }
    return new Rendered(text.toString(), spans);
  }

  private String content(JsonNode messages, int m) {
    String content = messages.get(m).path("content").asString();
    boolean earlier = m < messages.size() - 1;
    return hidesEarlierThoughts && earlier
        ? content.replaceAll("(?s)<think>.*</think>", "")
        : content;
  }

  private static void write(StringBuilder text, List<Span> spans, String more, Origin origin) {
    if (more.isEmpty()) {
      return;
    }
    int start = text.length();
    text.append(more);
    if (!spans.isEmpty() && spans.getLast().origin().equals(origin)) {
      start = spans.removeLast().start();
    }
    spans.add(new Span(start, text.length(), origin));
  }
}
