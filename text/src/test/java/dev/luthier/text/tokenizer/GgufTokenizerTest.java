package dev.luthier.text.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.text.Fixtures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class GgufTokenizerTest {
  private static final JsonNode ORIGINAL = Fixtures.json("tiny-base/tokenizer.json");

  @Test
  void theVocabularyOfAGgufEncodesAsTheTokenizerItCameFrom() {
    String json = GgufTokenizer.tokenizerJson(tokens(), merges(), types(), "smollm");
    try (Tokenizer tokenizer = Tokenizer.parse(json)) {
      for (JsonNode golden : Fixtures.json("tokenizer-golden.json").path("texts")) {
        String text = golden.path("text").asString();
        assertArrayEquals(
            Fixtures.ints(golden.path("control")),
            tokenizer.encode(text, SpecialTokens.AS_CONTROL));
        assertArrayEquals(
            Fixtures.ints(golden.path("plain")), tokenizer.encode(text, SpecialTokens.AS_TEXT));
      }
    }
  }

  @Test
  void thePreTokenizersDifferInDigits() {
    assertEquals(List.of("1", "2", "3", "4"), digits("smollm"));
    assertEquals(List.of("1", "2", "3", "4"), digits("qwen2"));
    assertEquals(List.of("123", "4"), digits("llama-bpe"));
    assertEquals(List.of("1234"), digits("gpt-2"));
  }

  /// How "1234" falls apart when every run of digits is a token.
  private static List<String> digits(String pre) {
    List<String> tokens = List.of("1", "2", "3", "4", "12", "123", "1234");
    List<String> merges = List.of("1 2", "12 3", "123 4");
    String json = GgufTokenizer.tokenizerJson(tokens, merges, new int[tokens.size()], pre);
    try (Tokenizer tokenizer = Tokenizer.parse(json)) {
      return IntStream.of(tokenizer.encode("1234", SpecialTokens.AS_TEXT))
          .mapToObj(tokens::get)
          .toList();
    }
  }

  @Test
  void tokensDefinedByUsersAreTextInBothModes() {
    List<String> tokens = List.of("a", "<x>", "<|end|>");
    String json = GgufTokenizer.tokenizerJson(tokens, List.of(), new int[] {1, 4, 3}, "gpt-2");
    try (Tokenizer tokenizer = Tokenizer.parse(json)) {
      assertArrayEquals(new int[] {0, 1}, tokenizer.encode("a<x>", SpecialTokens.AS_TEXT));
      assertEquals(List.of("<|end|>"), tokenizer.controlTokens());
    }
  }

  @Test
  void anUnknownPreTokenizerIsRefusedByName() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> GgufTokenizer.tokenizerJson(tokens(), merges(), types(), "deepseek-llm"));
    assertTrue(Fixtures.messageOf(error).contains("'deepseek-llm'"), error::getMessage);
    assertTrue(Fixtures.messageOf(error).contains("smollm"), error::getMessage);
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    var types =
        assertThrows(
            IllegalArgumentException.class,
            () -> GgufTokenizer.tokenizerJson(tokens(), merges(), new int[3], "smollm"));
    assertEquals("the GGUF has 1000 tokens, but types for 3", types.getMessage());
    for (String merge : List.of("ab", "a b c", "a ", "")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> GgufTokenizer.tokenizerJson(tokens(), List.of(merge), types(), "smollm"),
          merge);
    }
  }

  private static List<String> tokens() {
    JsonNode vocab = ORIGINAL.path("model").path("vocab");
    var tokens = new ArrayList<String>(Collections.nCopies(vocab.size(), ""));
    vocab.properties().forEach(entry -> tokens.set(entry.getValue().asInt(), entry.getKey()));
    return tokens;
  }

  private static List<String> merges() {
    return ORIGINAL
        .path("model")
        .path("merges")
        .valueStream()
        .map(pair -> pair.get(0).asString() + " " + pair.get(1).asString())
        .toList();
  }

  private static int[] types() {
    return IntStream.range(0, 1000).map(id -> id < 3 ? 3 : 1).toArray();
  }
}
