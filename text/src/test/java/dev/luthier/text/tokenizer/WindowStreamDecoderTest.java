package dev.luthier.text.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A vocabulary in SentencePiece's spelling, whose decoder drops the first blank of a text.
class WindowStreamDecoderTest {
  private static final String TOKENIZER =
      """
      {"version": "1.0", "added_tokens": [{"id": 0, "content": "</s>", "special": true,
        "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}],
       "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": "▁"},
       "pre_tokenizer": null, "post_processor": null,
       "decoder": {"type": "Sequence", "decoders": [
         {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
         {"type": "ByteFallback"}, {"type": "Fuse"},
         {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
       "model": {"type": "BPE", "byte_fallback": true, "merges": [], "vocab": {
         "</s>": 0, "▁": 1, "a": 2, "▁b": 3, "<0xF0>": 4, "<0x9F>": 5, "<0x98>": 6, "<0x80>": 7}}}
      """;

  @Test
  void keepsBlanksBetweenPiecesAndWaitsForWholeCharacters() {
    try (Tokenizer tokenizer = Tokenizer.parse(TOKENIZER)) {
      StreamDecoder stream = tokenizer.streamDecoder();
      var pieces = new ArrayList<String>();
      int[] ids = {3, 3, 4, 5, 6, 7, 0, 2, 1, 4};
      for (int id : ids) {
        pieces.add(stream.next(id));
      }
      pieces.add(stream.end());
      assertEquals(List.of("b", " b", "", "", "", "😀", "", "a", " ", "", "\uFFFD"), pieces);
      assertEquals(tokenizer.decode(ids), String.join("", pieces));
    }
  }

  @Test
  void waitsForNoMoreThanFourTokens() {
    try (Tokenizer tokenizer = Tokenizer.parse(TOKENIZER)) {
      StreamDecoder stream = tokenizer.streamDecoder();
      assertEquals("", stream.next(4));
      assertEquals("", stream.next(4));
      assertEquals("", stream.next(4));
      assertEquals("\uFFFD".repeat(4), stream.next(4));
    }
  }
}
