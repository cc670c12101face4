package dev.luthier.platform.chat;

import java.util.List;

/// Takes what a model says, in order, on the thread that called [Inference#generate]: `started`,
/// then any number of `delta` and one `finished` for each answer, then `usage`.
///
/// An exception thrown here cancels the generation; a client that went away is told so.
public interface GenerationSink {
  void started(int promptTokens);

  /// Comes several times a second while there is nothing to say, so that a sink can see whether its
  /// reader is still there.
  default void waiting() {}

  /// More text of answer `index`; `text` may be empty when only logprobs are new.
  void delta(int index, String text, List<TokenLogprob> logprobs);

  void finished(int index, FinishReason reason);

  /// Last, exactly once.
  void usage(Usage usage);
}
