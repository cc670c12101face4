package dev.luthier.engine.infer;

import java.io.IOException;
import java.nio.file.Path;

/// Continues token sequences with one base model and any of its adapters.
///
/// One thread named `generator-<base>` owns the model and every tensor. It takes requests from a
/// bounded queue and decodes all running sequences together, one token each a step; sequences join
/// and leave between steps.
@SuppressWarnings("DoNotCallSuggester")
public final class Generator implements AutoCloseable {
  private Generator() {}

  /// Maps the base folder and starts the thread; returns when the model is ready.
  public static Generator open(Path baseFolder, GeneratorSettings settings) throws IOException {
    throw new UnsupportedOperationException("in work: " + baseFolder + settings);
  }

  /// Accepts a request or throws [GenerationRefusedException]. Any thread; does not wait.
  public Generation submit(GenerationRequest request, TokenSink sink) {
    throw new UnsupportedOperationException("in work: " + request + sink);
  }

  /// The most tokens of prompt and answer together.
  public int contextLength() {
    throw new UnsupportedOperationException("in work");
  }

  /// Forgets an adapter as soon as no running sequence uses it; its next use reads the folder
  /// again.
  public void unload(String adapterName) {
    throw new UnsupportedOperationException("in work: " + adapterName);
  }

  /// Cancels what runs and waits, ends the thread and frees the model.
  @Override
  public void close() {}
}
