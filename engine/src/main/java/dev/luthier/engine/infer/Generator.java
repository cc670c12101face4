package dev.luthier.engine.infer;

import dev.luthier.engine.infer.GenerationRefusedException.Reason;
import dev.luthier.engine.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Continues token sequences with one base model and any of its adapters.
///
/// One thread named `generator-<base>` owns the model and every tensor. It takes requests from a
/// bounded queue and decodes all running sequences together, one token each a step; sequences join
/// and leave between steps.
public final class Generator implements AutoCloseable {
  private final ModelConfig config;
  private final Inbox inbox;
  private final Thread thread;

  private Generator(ModelConfig config, Inbox inbox, Thread thread) {
    this.config = config;
    this.inbox = inbox;
    this.thread = thread;
  }

  /// Maps the base folder and starts the thread; returns when the model is ready.
  public static Generator open(Path baseFolder, GeneratorSettings settings) throws IOException {
    Inbox inbox = new Inbox(settings.queueMax());
    CompletableFuture<ModelConfig> ready = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .name("generator-" + baseFolder.getFileName())
            .daemon()
            .start(() -> GeneratorLoop.run(baseFolder, settings, inbox, ready));
    try {
      return new Generator(ready.join(), inbox, thread);
    } catch (CompletionException e) {
      if (e.getCause() instanceof IOException unread) {
        throw unread;
      }
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw e;
    }
  }

  /// Accepts a request or throws [GenerationRefusedException]. Any thread; does not wait.
  public Generation submit(GenerationRequest request, TokenSink sink) {
    Sequence sequence = checked(request, sink);
    inbox.submit(List.of(sequence));
    return sequence;
  }

  /// A request and who hears what comes of it.
  public record Order(GenerationRequest request, TokenSink sink) {}

  /// Accepts all of them at one moment, or none: which of them are decoded together then follows
  /// from them alone, if nothing else runs.
  public void submit(List<Order> orders) {
    inbox.submit(orders.stream().map(order -> checked(order.request(), order.sink())).toList());
  }

  private Sequence checked(GenerationRequest request, TokenSink sink) {
    checkLength(request);
    for (int token : request.prompt()) {
      checkToken("the prompt", token);
    }
    request.sampling().logitBias().keySet().forEach(token -> checkToken("logitBias", token));
    return new Sequence(request, sink);
  }

  private void checkLength(GenerationRequest request) {
    int prompt = request.prompt().length;
    if ((long) prompt + request.maxTokens() > contextLength()) {
      throw new GenerationRefusedException(
          Reason.CONTEXT_TOO_LONG,
          "%d tokens of prompt and %d to generate exceed the context of %d"
              .formatted(prompt, request.maxTokens(), contextLength()));
    }
  }

  private void checkToken(String place, int token) {
    if (token < 0 || token >= config.vocabularySize()) {
      throw new GenerationRefusedException(
          Reason.INVALID_TOKEN,
          "token %d in %s is not within 0 to %d"
              .formatted(token, place, config.vocabularySize() - 1));
    }
  }

  /// The most tokens of prompt and answer together.
  public int contextLength() {
    return config.maxPositions();
  }

  /// Forgets an adapter; sequences that run with it end with it, its next use reads the folder
  /// again.
  public void unload(String adapterName) {
    inbox.unload(adapterName);
  }

  /// Cancels what runs and waits, ends the thread and frees the model. Returns when that is done.
  @Override
  public void close() {
    inbox.close();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted =
            true; // Memory that is still computed with cannot be given back: wait for the step to
        // end.
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
