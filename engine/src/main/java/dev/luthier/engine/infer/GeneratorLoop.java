package dev.luthier.engine.infer;

import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.model.Families;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the generator's thread does: admit, run a step, hand out, until it is closed.
final class GeneratorLoop {
  private static final Logger LOG = LoggerFactory.getLogger(GeneratorLoop.class);

  private final GeneratorSettings settings;
  private final Inbox inbox;
  private final Decoder decoder;
  private final LoadedAdapters adapters;
  private final DecodeStep step;
  private final List<RunningSequence> running = new ArrayList<>();

  private GeneratorLoop(GeneratorSettings settings, Inbox inbox, Decoder decoder) {
    this.settings = settings;
    this.inbox = inbox;
    this.decoder = decoder;
    this.adapters =
        new LoadedAdapters(decoder.config(), decoder.precision(), settings.adaptersMax());
    this.step = new DecodeStep(decoder);
  }

  /// Opens the model, completes `ready`, and stays until the inbox is closed.
  static void run(
      Path baseFolder,
      GeneratorSettings settings,
      Inbox inbox,
      CompletableFuture<ModelConfig> ready) {
    try {
      Device.threads(settings.threads());
      try (Decoder decoder = Families.open(baseFolder, settings.precision())) {
        ready.complete(decoder.config());
        new GeneratorLoop(settings, inbox, decoder).loop();
      }
    } catch (IOException | RuntimeException | Error e) {
      ready.completeExceptionally(e);
      LOG.error("the generator of {} ends; it takes no more requests", baseFolder, e);
      inbox.close();
      inbox.takeAll().forEach(sequence -> sequence.fail(e));
    }
  }

  private void loop() {
    try {
      while (!inbox.isClosed()) {
        if (running.isEmpty()) {
          inbox.await();
        }
        inbox.takeUnloads().forEach(adapters::unload);
        inbox.takeCancelled().forEach(sequence -> sequence.end(EndReason.CANCELLED));
        removeEnded();
        admit();
        advance();
        removeEnded();
      }
      endAll(EndReason.CANCELLED);
    } catch (InterruptedException _) {
      inbox.close(); // An interrupt means cancel.
      endAll(EndReason.CANCELLED);
      Thread.currentThread().interrupt();
    } catch (Error e) {
      failAll(e);
      throw e;
    } finally {
      adapters.close();
    }
  }

  private void advance() {
    if (running.isEmpty()) {
      return;
    }
    try {
      step.run(running);
    } catch (RuntimeException e) {
      // Caches may hold half a step, so nobody can go on; the next requests start afresh.
      LOG.error("a step of {} sequences failed; they fail with it", running.size(), e);
      failAll(e);
    }
  }

  private void admit() {
    while (running.size() < settings.batchMax()) {
      Optional<Sequence> next = inbox.first();
      if (next.isEmpty()
          || !next.get().request().adapter().map(adapters::hasPlaceFor).orElse(true)) {
        return;
      }
      inbox.removeFirst();
      start(next.get());
    }
  }

  private void start(Sequence sequence) {
    try {
      Optional<AdapterRef> adapter = sequence.request().adapter();
      Optional<LoadedAdapters.Lease> lease =
          adapter.isPresent() ? Optional.of(adapters.acquire(adapter.get())) : Optional.empty();
      running.add(new RunningSequence(sequence, lease, decoder));
    } catch (IOException | RuntimeException e) {
      sequence.fail(e);
    }
  }

  private void removeEnded() {
    for (RunningSequence each : running) {
      if (each.sequence().isCancelled()) {
        each.sequence().end(EndReason.CANCELLED);
      }
    }
    running.removeIf(each -> {
      boolean ended = each.sequence().hasEnded();
      if (ended) {
        each.close();
        each.lease().ifPresent(adapters::release);
      }
      return ended;
    });
  }

  private void endAll(EndReason reason) {
    running.forEach(each -> each.sequence().end(reason));
    inbox.takeAll().forEach(sequence -> sequence.end(reason));
    removeEnded();
  }

  private void failAll(Throwable cause) {
    running.forEach(each -> each.sequence().fail(cause));
    removeEnded();
  }
}
