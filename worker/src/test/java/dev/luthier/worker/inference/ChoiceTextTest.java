package dev.luthier.worker.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.text.tokenizer.StreamDecoder;
import dev.luthier.wire.internal.GenerateEvent.TokenLogprob;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChoiceTextTest {
  @Test
  void aTokenOfHalfACharacterLeavesWithTheOtherHalf() {
    var text = new ChoiceText(decoder("", "é", "!"), List.of());
    assertTrue(text.add(0, logprob("half")).isEmpty());
    ChoiceText.Piece piece = text.add(1, logprob("other half"));
    assertEquals("é", piece.text());
    assertEquals(List.of("half", "other half"), names(piece));
  }

  @Test
  void logprobsOfAStopStringStayBehind() {
    var text = new ChoiceText(decoder("one", " E", "ND", "."), List.of("END"));
    assertEquals(List.of("one"), names(text.add(0, logprob("one"))));
    ChoiceText.Piece blank = text.add(1, logprob(" E"));
    assertEquals(" ", blank.text());
    assertEquals(List.of(" E"), names(blank));
    ChoiceText.Piece last = text.add(2, logprob("ND"));
    assertTrue(last.stopped());
    assertTrue(last.isEmpty());
  }

  @Test
  void whatWasHeldBackBelongsToAnAnswerThatEndsOtherwise() {
    var text = new ChoiceText(decoder("a", "E"), List.of("END"));
    text.add(0, logprob("a"));
    assertTrue(text.add(1, logprob("E")).isEmpty());
    ChoiceText.Piece rest = text.end();
    assertEquals("E…", rest.text());
    assertEquals(List.of("E"), names(rest));
  }

  /// Decodes token i to `pieces[i]`, and ends with an ellipsis that it held back.
  private static StreamDecoder decoder(String... pieces) {
    return new StreamDecoder() {
      @Override
      public String next(int id) {
        return pieces[id];
      }

      @Override
      public String end() {
        return "…";
      }
    };
  }

  private static Optional<TokenLogprob> logprob(String token) {
    return Optional.of(new TokenLogprob(token, -1, List.of(), List.of()));
  }

  private static List<String> names(ChoiceText.Piece piece) {
    return piece.logprobs().stream().map(TokenLogprob::token).toList();
  }
}
