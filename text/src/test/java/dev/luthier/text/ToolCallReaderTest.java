package dev.luthier.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.text.tokenizer.StreamDecoder;
import dev.luthier.text.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

class ToolCallReaderTest {
  private static final String CALL =
      "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"a\": [1, \"x\"]}}\n</tool_call>";
  private static final AnswerPart READ = call("f", "{\"a\":[1,\"x\"]}");

  /// What answers are put together from in random tests: texts, calls, and what nearly is a call.
  private static final List<String> FRAGMENTS =
      List.of(
          CALL,
          "<tool_call>{\"name\":\"g\"}</tool_call>",
          "<tool_call>{\"name\":\"g\",\"arguments\":{\"t\":\"</tool_call> \\\" <tool_call>\"}}"
              + "</tool_call>",
          "<tool_call>",
          "</tool_call>",
          "<tool_call>{",
          "<tool_call>{\"",
          "<tool_call>{}",
          "{\"name\":\"f\"}",
          "<tool",
          "<",
          " ",
          "\n",
          "\n".repeat(70),
          "\"",
          "é😀",
          "Well, ");

  @Test
  void aCallIsTakenOutOfTheText() {
    assertEquals(List.of(READ), parts(CALL));
    assertEquals(List.of(text("Let me look."), READ), parts("Let me look.\n" + CALL));
    assertEquals(List.of(text("a"), READ, text("\nb ")), parts("a\n" + CALL + "\nb "));
  }

  @Test
  void severalCallsComeInTheirOrderWithoutTheBlanksBetween() {
    String second = "<tool_call>{\"name\":\"g\",\"arguments\":{}}</tool_call>";
    assertEquals(
        List.of(READ, call("g", "{}"), READ), parts("\n" + CALL + "\n" + second + CALL + "\n"));
  }

  @Test
  void textWithoutCallsStaysAsItIs() {
    for (String text :
        List.of(
            "",
            " a <b> \n",
            "\n",
            "<tool_call",
            "a<tool_call> b",
            "</tool_call>",
            " ".repeat(99))) {
      assertEquals(text.isEmpty() ? List.of() : List.of(text(text)), parts(text));
    }
  }

  @Test
  void whatIsNoUsableCallStaysText() {
    for (String object :
        List.of(
            "",
            "f",
            "[]",
            "{}",
            "{\"name\":\"\"}",
            "{\"name\":1}",
            "{\"name\":\"f\",\"arguments\":{}",
            "{\"name\":\"f\",\"arguments\":{}}}",
            "{\"name\":\"f\",\"name\":\"g\"}",
            "{\"name\":\"f\",\"arguments\":{a:1}}",
            "{\"name\":\"f\"} and",
            "{\"name\":\"\\ud83d\"}",
            "{\"name\":\"f\",\"arguments\":\"\\ud83d\"}",
            "{\"a\":".repeat(2000) + "1" + "}".repeat(2000))) {
      String text = "a <tool_call>\n" + object + "\n</tool_call>\n";
      assertEquals(List.of(text(text)), parts(text));
    }
  }

  @Test
  void aCallBehindABrokenOneIsFound() {
    for (String broken :
        List.of("<tool_call>", "<tool_call>{\"name\":", "<tool_call>{}</tool_call>")) {
      assertEquals(List.of(text(broken), READ), parts(broken + CALL));
    }
    assertEquals(List.of(text("<tool_call>{\"a"), READ), parts("<tool_call>{\"a" + CALL));
  }

  @Test
  void tagsInsideOfStringsAreText() {
    assertEquals(
        List.of(call("f", "{\"t\":\"</tool_call>\\\"<tool_call>\"}")),
        parts(
            "<tool_call>{\"name\":\"f\",\"arguments\":{\"t\":\"</tool_call>\\\"<tool_call>\"}}"
                + "</tool_call>"));
  }

  @Test
  void argumentsBecomeShortJsonAndLoseNoDigit() {
    assertEquals(
        List.of(call("f", "{\"n\":12345678901234567890.123456789012345678,\"é\":\"\\n\"}")),
        parts(
            "<tool_call>{ \"arguments\" : { \"n\" : 12345678901234567890.123456789012345678,"
                + " \"\\u00e9\": \"\\n\" }, \"name\":\"f\" }</tool_call>"));
    assertEquals(List.of(call("f", "{}")), parts("<tool_call>{\"name\":\"f\"}</tool_call>"));
    assertEquals(
        List.of(call("f", "no JSON")),
        parts("<tool_call>{\"name\":\"f\",\"arguments\":\"no JSON\"}</tool_call>"));
  }

  @Test
  void aWholeObjectNeedsNoClosingTagAtTheEnd() {
    String open = CALL.substring(0, CALL.indexOf("\n</tool_call>"));
    for (String end : List.of("", "\n", "\n</tool")) {
      assertEquals(List.of(READ), parts(open + end));
    }
    assertEquals(List.of(text(open + "\n</x")), parts(open + "\n</x"));
  }

  @Test
  void callsBeyondTheLimitStayText() {
    var reader = new ToolCallReader(1);
    var parts = new ArrayList<>(reader.add(CALL + "\n" + CALL));
    parts.addAll(reader.end());
    assertEquals(List.of(READ, text("\n" + CALL)), parts);
    assertEquals(1, reader.calls());
  }

  @Test
  void textIsHeldBackOnlyWhileItMayBeACall() {
    var reader = new ToolCallReader(9);
    assertEquals(List.of(text("a")), reader.add("a\n<tool"));
    assertEquals(List.of(text("\n<tools>")), reader.add("s>"));
    assertEquals(List.of(), reader.add("<tool_call>\n"));
    assertEquals(List.of(text("<tool_call>\nx")), reader.add("x"));
    assertEquals(List.of(), reader.add(CALL.substring(0, CALL.length() - 1)));
    assertEquals(List.of(READ), reader.add(">"));
    assertEquals(List.of(), reader.end());
  }

  @Test
  void theCutIntoPiecesMakesNoDifferenceAndNothingIsLost() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int round = 0; round < 3000; round++) {
      String answer =
          random
              .ints(random.nextInt(12), 0, FRAGMENTS.size())
              .mapToObj(FRAGMENTS::get)
              .collect(Collectors.joining());
      String where = "seed " + seed + ", round " + round + ": " + answer;
      List<AnswerPart> whole = parts(answer);
      assertEquals(whole, inPieces(answer, random), where);
      assertTrue(reads(answer, whole), where);
    }
  }

  @Test
  void manyOpeningTagsCostNoMoreThanTheirLength() {
    for (String again :
        List.of("<tool_call>", "<tool_call>{", "<tool_call>{\"", "<tool_call>{\\\"", " ", "{")) {
      String answer = "<tool_call>{\"a" + again.repeat(200_000 / again.length());
      assertTimeoutPreemptively(
          Duration.ofSeconds(10),
          () -> assertEquals(List.of(text(answer)), merged(oneByOne(answer))),
          again);
    }
  }

  @Test
  void whatTrainingWritesIsReadBack() {
    ArrayNode messages =
        ChatMessages.normalise(
            json(
                """
                [{"role":"user","content":"a"},
                 {"role":"assistant","content":"Well.","tool_calls":[
                  {"id":"1","type":"function","function":{"name":"f","arguments":"{\\"a\\": \\"</tool_call>\\"}"}},
                  {"id":"2","type":"function","function":{"name":"g","arguments":"oops"}}]}]
                """));
    String rendered =
        ToolsAsText.whereNeeded(ChatMl.plain(), "")
            .render(messages, Optional.empty(), false)
            .text();
    String answer =
        rendered.substring(rendered.indexOf("Well."), rendered.lastIndexOf("<|im_end|>"));
    assertEquals(
        List.of(text("Well."), call("f", "{\"a\":\"</tool_call>\"}"), call("g", "oops")),
        parts(answer));
  }

  /// Qwen's vocabularies hold the tags as added tokens that are not special.
  @Test
  void tagsThatAreTokensOfTheirOwnArriveAsText() {
    for (String decoder :
        List.of(
            "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":false,\"use_regex\":false}",
            "{\"type\":\"Fuse\"}")) {
      String tokenizer =
          """
          {"version": "1.0", "added_tokens": [
            {"id": 3, "content": "<tool_call>", "special": false, "single_word": false,
             "lstrip": false, "rstrip": false, "normalized": false},
            {"id": 4, "content": "</tool_call>", "special": false, "single_word": false,
             "lstrip": false, "rstrip": false, "normalized": false},
            {"id": 5, "content": "<|im_end|>", "special": true, "single_word": false,
             "lstrip": false, "rstrip": false, "normalized": false}],
           "normalizer": null, "pre_tokenizer": null, "post_processor": null,
           "decoder": %s,
           "model": {"type": "BPE", "byte_fallback": false, "merges": [], "vocab": {
             "{\\"name\\":": 0, "\\"f\\"": 1, "}": 2}}}
          """
              .formatted(decoder);
      try (Tokenizer qwen = Tokenizer.parse(tokenizer)) {
        StreamDecoder stream = qwen.streamDecoder();
        var reader = new ToolCallReader(9);
        var parts = new ArrayList<AnswerPart>();
        for (int id : new int[] {3, 0, 1, 2, 4, 5}) {
          parts.addAll(reader.add(stream.next(id)));
        }
        parts.addAll(reader.add(stream.end()));
        parts.addAll(reader.end());
        assertEquals(List.of(call("f", "{}")), parts, decoder);
      }
    }
  }

  /// Whether the answer is these parts, blanks beside calls aside.
  private static boolean reads(String answer, List<AnswerPart> parts) {
    String rest = answer;
    for (AnswerPart part : parts) {
      switch (part) {
        case AnswerPart.Text(String text) -> {
          if (!rest.startsWith(text)) {
            return false;
          }
          rest = rest.substring(text.length());
        }
        case AnswerPart.Call call -> {
          int from = rest.indexOf("<tool_call>");
          int end = closingTag(rest, from, call);
          if (from < 0 || !rest.substring(0, from).isBlank()) {
            return false;
          }
          rest = rest.substring(end);
        }
      }
    }
    return rest.isBlank();
  }

  /// Where the first block from `from` ends whose JSON is the call.
  private static int closingTag(String answer, int from, AnswerPart.Call call) {
    int open = from + "<tool_call>".length();
    for (int end = answer.indexOf('}', open) + 1; end > 0; end = answer.indexOf('}', end) + 1) {
      if (ToolCallText.read(answer.substring(open, end)).equals(Optional.of(call))) {
        String behind = answer.substring(end).stripLeading();
        int tag = Math.min(behind.length(), "</tool_call>".length());
        return answer.length() - behind.length() + tag;
      }
    }
    throw new AssertionError("no " + call + " in " + answer);
  }

  private static List<AnswerPart> parts(String answer) {
    var reader = new ToolCallReader(128);
    var parts = new ArrayList<>(reader.add(answer));
    parts.addAll(reader.end());
    return merged(parts);
  }

  private static List<AnswerPart> oneByOne(String answer) {
    var reader = new ToolCallReader(128);
    var parts = new ArrayList<AnswerPart>();
    answer.chars().forEach(c -> parts.addAll(reader.add(String.valueOf((char) c))));
    parts.addAll(reader.end());
    return parts;
  }

  private static List<AnswerPart> inPieces(String answer, Random random) {
    var reader = new ToolCallReader(128);
    var parts = new ArrayList<AnswerPart>();
    for (int at = 0; at < answer.length(); ) {
      int end = Math.min(answer.length(), at + random.nextInt(9));
      parts.addAll(reader.add(answer.substring(at, end)));
      at = end;
    }
    parts.addAll(reader.end());
    return merged(parts);
  }

  private static List<AnswerPart> merged(List<AnswerPart> parts) {
    var merged = new ArrayList<AnswerPart>();
    var text = new StringBuilder();
    for (AnswerPart part : parts) {
      switch (part) {
        case AnswerPart.Text more -> text.append(more.text());
        case AnswerPart.Call call -> {
          flush(text, merged);
          merged.add(call);
        }
      }
    }
    flush(text, merged);
    return merged;
  }

  private static void flush(StringBuilder text, List<AnswerPart> parts) {
    if (!text.isEmpty()) {
      parts.add(text(text.toString()));
      text.setLength(0);
    }
  }

  private static AnswerPart text(String text) {
    return new AnswerPart.Text(text);
  }

  private static AnswerPart call(String name, String arguments) {
    return new AnswerPart.Call(name, arguments);
  }

  private static JsonNode json(String json) {
    return Fixtures.JSON.readTree(json);
  }
}
