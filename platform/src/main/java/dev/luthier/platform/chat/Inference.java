package dev.luthier.platform.chat;

/// Port: generates text. Safe for many threads.
///
/// Blocks the caller (a virtual thread, as a rule) until the last word is said. A failure is an
/// `ApiException`: a request the model refuses, such as one beyond its context, has status 400; a
/// model that cannot be reached 503. When the sink throws, or the calling thread is interrupted,
/// the generation is cancelled within a step and the exception goes on to the caller.
public interface Inference {
  void generate(GenerationCall call, GenerationSink sink);
}
