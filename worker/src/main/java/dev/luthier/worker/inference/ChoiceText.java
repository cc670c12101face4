package dev.luthier.worker.inference;

import dev.luthier.text.tokenizer.StreamDecoder;
import dev.luthier.wire.internal.GenerateEvent.TokenLogprob;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The text of one answer, put together from tokens and cut at its stop strings. A token's log
/// probability leaves with the first piece of its text; those of a stop string never leave.
final class ChoiceText {
  private final StreamDecoder decoder;
  private final StopStrings stops;
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
  private int decoded;
  private int shown;

  /// What can be shown after a token.
  record Piece(String text, List<TokenLogprob> logprobs, boolean stopped) {
    boolean isEmpty() {
      return text.isEmpty() && logprobs.isEmpty();
    }
  }

  /// A token whose text begins at `start` of the decoded text and has not been shown.
  private record Waiting(int start, TokenLogprob logprob) {}

  ChoiceText(StreamDecoder decoder, List<String> stops) {
    this.decoder = decoder;
    this.stops = new StopStrings(stops);
  }

  Piece add(int id, Optional<TokenLogprob> logprob) {
    int start = decoded;
    logprob.ifPresent(entry -> waiting.add(new Waiting(start, entry)));
    String text = decoder.next(id);
    decoded += text.length();
    StopStrings.Cut cut = stops.add(text);
    shown += cut.text().length();
    return new Piece(cut.text(), logprobsShown(), cut.stopped());
  }

  /// The answer ended without a stop string: whatever was held back belongs to it.
  Piece end() {
    StopStrings.Cut last = stops.add(decoder.end());
    String text = last.stopped() ? last.text() : last.text() + stops.end();
    shown = last.stopped() ? shown + text.length() : Integer.MAX_VALUE;
    return new Piece(text, logprobsShown(), last.stopped());
  }

  private List<TokenLogprob> logprobsShown() {
    List<TokenLogprob> ready = new ArrayList<>();
    for (Waiting next = waiting.peek();
        next != null && next.start() < shown;
        next = waiting.peek()) {
      ready.add(waiting.remove().logprob());
    }
    return ready;
  }
}
