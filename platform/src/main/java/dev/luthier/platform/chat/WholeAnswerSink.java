package dev.luthier.platform.chat;

import java.util.ArrayList;
import java.util.List;

/// Collects one answer. What it holds is limited by the model's context.
final class WholeAnswerSink implements AnswerSink {
  private final StringBuilder text = new StringBuilder();
  private final List<ToolCall> calls = new ArrayList<>();
  private FinishReason reason = FinishReason.STOP;
  private Usage usage = new Usage(0, 0);

  WholeAnswer answer() {
    return new WholeAnswer(text.toString(), calls, reason, usage);
  }

  @Override
  public void started(int promptTokens) {
    usage = new Usage(promptTokens, 0);
  }

  @Override
  public void delta(int index, String piece, List<TokenLogprob> logprobs) {
    text.append(piece);
  }

  @Override
  public void called(int index, ToolCall call) {
    calls.add(call);
  }

  @Override
  public void finished(int index, FinishReason end) {
    reason = end;
  }

  @Override
  public void usage(Usage total) {
    usage = total;
  }
}
