package dev.luthier.http.api;

import dev.luthier.platform.chat.GenerationCall;
import dev.luthier.platform.chat.GenerationSink;
import dev.luthier.platform.chat.Inference;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Says what a test has written for it, and remembers what it was asked.
final class ScriptedInference implements Inference {

  /// What is said to one call.
  @FunctionalInterface
  interface Script {
    void say(GenerationCall call, GenerationSink sink);
  }

  private final AtomicReference<Script> script = new AtomicReference<>((call, sink) -> {});
  private final AtomicReference<Optional<GenerationCall>> last =
      new AtomicReference<>(Optional.empty());

  void says(Script next) {
    script.set(next);
  }

  GenerationCall lastCall() {
    return last.get().orElseThrow(() -> new AssertionError("the model was not asked"));
  }

  @Override
  public void generate(GenerationCall call, GenerationSink sink) {
    last.set(Optional.of(call));
    script.get().say(call, sink);
  }
}
