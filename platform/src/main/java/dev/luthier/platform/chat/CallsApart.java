package dev.luthier.platform.chat;

import dev.luthier.text.AnswerPart;
import dev.luthier.text.ToolCallReader;
import java.util.List;
import java.util.stream.Stream;

/// Takes calls out of the text on its way to a sink. Log probabilities go on with the tokens as
/// they come, those of a call's tokens too.
final class CallsApart implements GenerationSink {
  private final AnswerSink sink;
  private final List<ToolCallReader> readers;

  CallsApart(AnswerSink sink, int choices, int callsMax) {
    this.sink = sink;
    readers = Stream.generate(() -> new ToolCallReader(callsMax)).limit(choices).toList();
  }

  @Override
  public void started(int promptTokens) {
    sink.started(promptTokens);
  }

  @Override
  public void waiting() {
    sink.waiting();
  }

  @Override
  public void delta(int index, String text, List<TokenLogprob> logprobs) {
    say(index, readers.get(index).add(text), logprobs);
  }

  @Override
  public void finished(int index, FinishReason reason) {
    ToolCallReader reader = readers.get(index);
    say(index, reader.end(), List.of());
    boolean called = reason == FinishReason.STOP && reader.calls() > 0;
    sink.finished(index, called ? FinishReason.TOOL_CALLS : reason);
  }

  @Override
  public void usage(Usage usage) {
    sink.usage(usage);
  }

  private void say(int index, List<AnswerPart> parts, List<TokenLogprob> logprobs) {
    List<TokenLogprob> unsaid = logprobs;
    for (AnswerPart part : parts) {
      switch (part) {
        case AnswerPart.Text(String text) -> {
          sink.delta(index, text, unsaid);
          unsaid = List.of();
        }
        case AnswerPart.Call(String name, String arguments) ->
            sink.called(index, new ToolCall(name, arguments));
      }
    }
    if (!unsaid.isEmpty()) {
      sink.delta(index, "", unsaid);
    }
  }
}
