package dev.luthier.text.template;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Compares with renders of transformers' own compiler; `src/test/python/template_goldens.py` made
/// them.
class GoldenRenderTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int SHOWN = 20;
  private static final JsonNode TALKS = JSON.readTree(resource("conversations.json"));

  @Test
  void everyExpressionRendersAsInPython() {
    TemplateInput input =
        input(TALKS.get("expression_messages"), TALKS.get("expression_tools"), true);
    List<String> differences = new ArrayList<>();
    int compared = 0;
    for (JsonNode row : rows("expressions.jsonl")) {
      compared++;
      String source = row.get(0).stringValue();
      compare(source, expected(row.get(1)), source, input).ifPresent(differences::add);
    }
    assertTrue(compared > 5_000, () -> "the fixture shrank");
    report(differences, compared);
  }

  @Test
  void everyTemplateRendersEveryConversationAsInPython() {
    Map<String, String> sources = new HashMap<>();
    List<String> differences = new ArrayList<>();
    int compared = 0;
    for (JsonNode row : rows("renders.jsonl")) {
      compared++;
      String name = row.get(0).stringValue();
      JsonNode talk = TALKS.get("conversations").get(row.get(1).stringValue());
      TemplateInput input =
          input(talk.get("messages"), talk.get("tools"), row.get(2).booleanValue());
      String source = sources.computeIfAbsent(name, GoldenRenderTest::source);
      String where = name + ", " + row.get(1).stringValue() + ", prompt " + row.get(2);
      compare(source, expected(row.get(3)), where, input).ifPresent(differences::add);
    }
    assertTrue(compared > 300, () -> "the fixture shrank");
    report(differences, compared);
  }

  private static String source(String name) {
    return name.equals("smollm2")
        ? TALKS.get("smollm2").stringValue()
        : resource("own/" + name + ".jinja");
  }

  private static Optional<String> expected(JsonNode node) {
    return node.isNull() ? Optional.empty() : Optional.of(node.stringValue());
  }

  /// What differs, if anything does.
  private static Optional<String> compare(
      String source, Optional<String> expected, String where, TemplateInput input) {
    String got;
    try {
      got = ChatTemplate.parse(source).render(input).text();
    } catch (TemplateException e) {
      return expected.map(text -> where + "\n  refused: " + e.getMessage() + "\n  python: " + text);
    }
    if (expected.isEmpty()) {
      return Optional.of(where + "\n  rendered what Python refuses: " + got);
    }
    String wanted = expected.get();
    if (got.equals(wanted)) {
      return Optional.empty();
    }
    int at = 0;
    while (at < Math.min(got.length(), wanted.length()) && got.charAt(at) == wanted.charAt(at)) {
      at++;
    }
    return Optional.of(
        "%s%n  differs at %d%n  ours:   %s%n  python: %s"
            .formatted(where, at, around(got, at), around(wanted, at)));
  }

  private static String around(String text, int at) {
    return text.substring(Math.max(0, at - 60), Math.min(text.length(), at + 60));
  }

  private static void report(List<String> differences, int compared) {
    if (!differences.isEmpty()) {
      fail(
          "%d of %d renders differ; the first:%n%s"
              .formatted(
                  differences.size(),
                  compared,
                  String.join("\n", differences.subList(0, Math.min(SHOWN, differences.size())))));
    }
  }

  private static TemplateInput input(JsonNode messages, JsonNode tools, boolean prompt) {
    Map<String, String> special = new HashMap<>();
    TALKS.get("special").forEachEntry((name, token) -> special.put(name, token.stringValue()));
    LocalDateTime now = LocalDateTime.parse(TALKS.get("now").stringValue());
    Clock clock = Clock.fixed(now.toInstant(ZoneOffset.UTC), ZoneOffset.UTC);
    Optional<JsonNode> given = tools.isNull() ? Optional.empty() : Optional.of(tools);
    return new TemplateInput(messages, given, prompt, special, clock);
  }

  private static List<JsonNode> rows(String name) {
    return resource(name).lines().map(JSON::readTree).toList();
  }

  static String resource(String name) {
    try (InputStream in = GoldenRenderTest.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
