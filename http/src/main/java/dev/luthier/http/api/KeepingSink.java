package dev.luthier.http.api;

import dev.luthier.platform.chat.AnswerSink;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.ToolCall;
import dev.luthier.platform.chat.Usage;
import java.util.List;

/// Passes an answer on piece by piece and collects it beside, to be stored before its last word is
/// passed on.
final class KeepingSink implements AnswerSink {
  private final AnswerSink next;
  private final CollectingSink collected;
  private final Runnable whole;

  /// @param whole runs when `collected` holds all
  KeepingSink(AnswerSink next, CollectingSink collected, Runnable whole) {
    this.next = next;
    this.collected = collected;
    this.whole = whole;
  }

  @Override
  public void started(int promptTokens) {
    collected.started(promptTokens);
    next.started(promptTokens);
  }

  @Override
  public void waiting() {
    next.waiting();
  }

  @Override
  public void delta(int index, String text, List<TokenLogprob> logprobs) {
    collected.delta(index, text, logprobs);
    next.delta(index, text, logprobs);
  }

  @Override
  public void called(int index, ToolCall call) {
    collected.called(index, call);
    next.called(index, call);
  }

  @Override
  public void finished(int index, FinishReason reason) {
    collected.finished(index, reason);
    next.finished(index, reason);
  }

  @Override
  public void usage(Usage usage) {
    collected.usage(usage);
    whole.run();
    next.usage(usage);
  }
}
