package dev.luthier.text.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.text.Fixtures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Against Python's `tokenizers`; see `make_tokenizer_fixture.py`.
class TokenizerTest {
  private static final Tokenizer TOKENIZER = Fixtures.tinyTokenizer();
  private static final JsonNode GOLDEN = Fixtures.json("tokenizer-golden.json");

  @AfterAll
  static void close() {
    TOKENIZER.close();
  }

  @Test
  void encodesAwkwardTextsAsPythonDoesInBothModes() {
    int texts = 0;
    for (JsonNode golden : GOLDEN.path("texts")) {
      String text = golden.path("text").asString();
      assertArrayEquals(
          Fixtures.ints(golden.path("control")),
          TOKENIZER.encode(text, SpecialTokens.AS_CONTROL),
          () -> "as control: " + golden);
      assertArrayEquals(
          Fixtures.ints(golden.path("plain")),
          TOKENIZER.encode(text, SpecialTokens.AS_TEXT),
          () -> "as text: " + golden);
      texts++;
    }
    assertTrue(texts > 400, texts + " texts");
  }

  @Test
  void encodesLinesOfAHundredThousandCharactersAsPythonDoes() {
    for (JsonNode golden : GOLDEN.path("long")) {
      String text = golden.path("unit").asString().repeat(golden.path("times").asInt());
      assertDigest(golden.path("control"), TOKENIZER.encode(text, SpecialTokens.AS_CONTROL));
      assertDigest(golden.path("plain"), TOKENIZER.encode(text, SpecialTokens.AS_TEXT));
    }
  }

  private static void assertDigest(JsonNode golden, int[] ids) {
    assertEquals(golden.path("count").asInt(), ids.length);
    String joined = IntStream.of(ids).mapToObj(Integer::toString).collect(Collectors.joining(","));
    assertEquals(golden.path("sha256").asString(), sha256(joined));
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void decodesAsPythonDoes() {
    for (JsonNode golden : GOLDEN.path("texts")) {
      int[] ids = Fixtures.ints(golden.path("control"));
      assertEquals(golden.path("decoded").asString(), TOKENIZER.decode(ids));
    }
    for (JsonNode golden : GOLDEN.path("decodes")) {
      int[] ids = Fixtures.ints(golden.path("ids"));
      assertEquals(golden.path("decoded").asString(), TOKENIZER.decode(ids));
    }
  }

  @Test
  void streamedPiecesTogetherAreTheDecodedText() {
    for (String list : List.of("texts", "decodes")) {
      for (JsonNode golden : GOLDEN.path(list)) {
        int[] ids = Fixtures.ints(golden.path(list.equals("texts") ? "control" : "ids"));
        var pieces = new StringBuilder();
        StreamDecoder stream = TOKENIZER.streamDecoder();
        for (int id : ids) {
          pieces.append(stream.next(id));
        }
        pieces.append(stream.end());
        assertEquals(golden.path("decoded").asString(), pieces.toString(), golden::toString);
      }
    }
  }

  @Test
  void aStreamNeverSplitsACharacter() {
    String text = "a😀東京é👩‍👩‍👧‍👦";
    StreamDecoder stream = TOKENIZER.streamDecoder();
    var pieces = new ArrayList<String>();
    for (int id : TOKENIZER.encode(text, SpecialTokens.AS_TEXT)) {
      pieces.add(stream.next(id));
    }
    assertEquals("", stream.end());
    assertEquals(text, String.join("", pieces));
    assertFalse(pieces.stream().anyMatch(piece -> piece.contains("\uFFFD")), pieces::toString);
    assertTrue(pieces.contains(""), "some token is a part of a character, so some piece waits");
  }

  @Test
  void aStreamThatEndsInsideACharacterEndsWithTheReplacementCharacter() {
    int[] ids = TOKENIZER.encode("ok 😀", SpecialTokens.AS_TEXT);
    StreamDecoder stream = TOKENIZER.streamDecoder();
    var text = new StringBuilder();
    for (int id : Arrays.copyOf(ids, ids.length - 1)) {
      text.append(stream.next(id));
    }
    assertEquals("ok ", text.toString());
    assertEquals("\uFFFD", stream.end());
  }

  @Test
  void theBytesOfTheTokensAreTheBytesOfTheText() {
    for (JsonNode golden : GOLDEN.path("texts")) {
      var bytes = new ByteArrayOutputStream();
      for (JsonNode id : golden.path("plain")) {
        bytes.writeBytes(TOKENIZER.bytesOf(id.asInt()));
      }
      assertArrayEquals(
          golden.path("text").asString().getBytes(StandardCharsets.UTF_8), bytes.toByteArray());
    }
  }

  @Test
  void everyTokenStartsWhereItsCharacterStarts() {
    String text = "a😀b <|im_end|>東";
    TokenizedText tokens = TOKENIZER.encodeWithStarts(text, SpecialTokens.AS_CONTROL);
    assertArrayEquals(TOKENIZER.encode(text, SpecialTokens.AS_CONTROL), tokens.ids());
    int at = 0;
    for (int t = 0; t < tokens.ids().length; t++) {
      String before = text.substring(0, tokens.starts()[t]);
      int bytesBefore = before.getBytes(StandardCharsets.UTF_8).length;
      assertTrue(bytesBefore <= at && at - bytesBefore <= 3, () -> "token starts at " + before);
      at += TOKENIZER.bytesOf(tokens.ids()[t]).length;
    }
    int end = TOKENIZER.idOf("<|im_end|>").orElseThrow();
    int place = IntStream.range(0, tokens.ids().length).filter(t -> tokens.ids()[t] == end).sum();
    assertEquals(text.indexOf("<|im_end|>"), tokens.starts()[place]);
  }

  @Test
  void aLoneSurrogateIsOneReplacementCharacter() {
    for (SpecialTokens mode : SpecialTokens.values()) {
      assertArrayEquals(
          TOKENIZER.encode("a\uFFFDb", mode), TOKENIZER.encode("a\uD83Db", mode), mode::name);
      assertArrayEquals(TOKENIZER.encode("\uFFFD", mode), TOKENIZER.encode("\uDE00", mode));
    }
  }

  @Test
  void knowsItsControlTokens() {
    assertEquals(List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>"), TOKENIZER.controlTokens());
    assertEquals(1000, TOKENIZER.vocabularySize());
    assertTrue(TOKENIZER.isControl(2));
    assertFalse(TOKENIZER.isControl(3));
    assertEquals(OptionalInt.empty(), TOKENIZER.idOf("<|eot_id|>"));
    assertEquals(0, TOKENIZER.prefix().length);
    assertEquals(
        "<|im_end|>",
        TOKENIZER.decodeWithControl(TOKENIZER.encode("<|im_end|>", SpecialTokens.AS_CONTROL)));
    assertThrows(IllegalArgumentException.class, () -> TOKENIZER.bytesOf(1000));
  }

  @Test
  void manyThreadsEncodeAtOnce() throws InterruptedException, ExecutionException {
    JsonNode texts = GOLDEN.path("texts");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<Future<?>>();
      for (int thread = 0; thread < 8; thread++) {
        results.add(
            threads.submit(() ->
                texts.forEach(golden ->
                    assertArrayEquals(
                        Fixtures.ints(golden.path("control")),
                        TOKENIZER.encode(
                            golden.path("text").asString(), SpecialTokens.AS_CONTROL)))));
      }
      for (Future<?> result : results) {
        result.get();
      }
    }
  }

  @Test
  void aClosedTokenizerSaysSo() {
    Tokenizer tokenizer = Fixtures.tinyTokenizer();
    tokenizer.close();
    tokenizer.close();
    var error =
        assertThrows(
            IllegalStateException.class, () -> tokenizer.encode("a", SpecialTokens.AS_TEXT));
    assertEquals("the tokenizer is closed", error.getMessage());
  }

  @Test
  void aFileThatIsNoTokenizerIsNamed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": {}}");
    var error = assertThrows(IOException.class, () -> Tokenizer.load(file));
    assertTrue(Fixtures.messageOf(error).contains(file.toString()), error::getMessage);
    assertTrue(Fixtures.messageOf(error).contains("no model.vocab"), error::getMessage);
  }
}
