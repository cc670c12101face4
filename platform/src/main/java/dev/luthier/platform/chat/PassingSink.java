package dev.luthier.platform.chat;

import java.util.List;

/// Passes everything on to another sink, but for what an implementation has to say of it.
public interface PassingSink extends GenerationSink {
  GenerationSink next();

  @Override
  default void started(int promptTokens) {
    next().started(promptTokens);
  }

  @Override
  default void waiting() {
    next().waiting();
  }

  @Override
  default void delta(int index, String text, List<TokenLogprob> logprobs) {
    next().delta(index, text, logprobs);
  }

  @Override
  default void finished(int index, FinishReason reason) {
    next().finished(index, reason);
  }

  @Override
  default void usage(Usage usage) {
    next().usage(usage);
  }
}
