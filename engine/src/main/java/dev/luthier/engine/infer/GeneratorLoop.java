package dev.luthier.engine.infer;

import dev.luthier.engine.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the generator's thread does: admit, run a step, hand out, until it is closed.
final class GeneratorLoop<C extends BatchModel.Cache, A extends BatchModel.Adapter> {
  private static final Logger LOG = LoggerFactory.getLogger(GeneratorLoop.class);

  private final GeneratorSettings settings;
  private final Inbox inbox;
  private final BatchModel<C, A> model;
  private final LoadedAdapters<A> adapters;
  private final DecodeStep<C, A> step;
  private final List<RunningSequence<C, A>> running = new ArrayList<>();

  private GeneratorLoop(GeneratorSettings settings, Inbox inbox, BatchModel<C, A> model) {
    this.settings = settings;
    this.inbox = inbox;
    this.model = model;
    this.adapters = new LoadedAdapters<>(model::load, settings.adaptersMax());
    this.step = new DecodeStep<>(model);
  }

  /// Opens the model, completes `ready`, and stays until the inbox is closed.
  static void run(
      Path baseFolder,
      GeneratorSettings settings,
      Inbox inbox,
      CompletableFuture<ModelConfig> ready) {
    try {
      try (BatchModel<?, ?> model = BatchModels.open(baseFolder, settings)) {
        ready.complete(model.config());
        loop(settings, inbox, model);
      }
    } catch (IOException | RuntimeException | Error e) {
      ready.completeExceptionally(e);
      LOG.error("the generator of {} ends; it takes no more requests", baseFolder, e);
      inbox.close();
      inbox.takeAll().forEach(sequence -> sequence.fail(e));
    }
  }

  private static <C extends BatchModel.Cache, A extends BatchModel.Adapter> void loop(
      GeneratorSettings settings, Inbox inbox, BatchModel<C, A> model) {
    new GeneratorLoop<>(settings, inbox, model).loop();
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
      Optional<LoadedAdapters.Lease<A>> lease =
          adapter.isPresent() ? Optional.of(adapters.acquire(adapter.get())) : Optional.empty();
      running.add(new RunningSequence<>(sequence, lease, model));
    } catch (IOException | RuntimeException e) {
      sequence.fail(e);
    }
  }

  private void removeEnded() {
    for (RunningSequence<C, A> each : running) {
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
