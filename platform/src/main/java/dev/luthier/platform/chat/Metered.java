package dev.luthier.platform.chat;

import java.util.List;
import java.util.function.Consumer;

/// Tells of the tokens of an answer before its sink hears of them.
record Metered(GenerationSink sink, Consumer<Usage> meter) implements GenerationSink {
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
    sink.delta(index, text, logprobs);
  }

  @Override
  public void finished(int index, FinishReason reason) {
    sink.finished(index, reason);
  }

  @Override
  public void usage(Usage usage) {
    meter.accept(usage);
    sink.usage(usage);
  }
}
