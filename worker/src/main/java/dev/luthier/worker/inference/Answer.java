package dev.luthier.worker.inference;

import dev.luthier.engine.infer.AdapterRef;
import dev.luthier.engine.infer.Generation;
import dev.luthier.engine.infer.GenerationRequest;
import dev.luthier.engine.infer.SamplingSettings;
import dev.luthier.text.grammar.AnswerForm;
import dev.luthier.wire.internal.GenerateEvent;
import dev.luthier.wire.internal.GenerateEvent.Failed;
import dev.luthier.wire.internal.GenerateRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// One request being answered: its choices decode together on the generator's thread, and the
/// thread of the request writes what they say.
final class Answer {
  /// So often a silent answer makes sure that its reader is still there.
  private static final Duration PING_EVERY = Duration.ofMillis(100);

  /// A reader that falls so far behind is gone for us.
  private static final int EVENTS_MAX = 65_536;

  private final ServedModel model;
  private final GenerateRequest request;
  private final Prompt prompt;
  private final LinkedBlockingQueue<GenerateEvent> events = new LinkedBlockingQueue<>(EVENTS_MAX);
  private final List<Choice> choices = new ArrayList<>();
  private final List<Generation> generations = new ArrayList<>();

  /// Takes events and pings; throws when the reader is gone.
  interface Writer {
    void write(List<GenerateEvent> events) throws IOException;

    void ping() throws IOException;
  }

  Answer(ServedModel model, GenerateRequest request, Prompt prompt) {
    this.model = model;
    this.request = request;
    this.prompt = prompt;
  }

  /// Submits every choice; throws `GenerationRefusedException` with nothing left running.
  ///
  /// @param seed of the first choice; the others derive theirs from it
  void submit(long seed) {
    try {
      for (int index = 0; index < request.n(); index++) {
        var choice = new Choice(index, model, request, this::say);
        choices.add(choice);
        if (prompt.maxTokens() == 0) {
          say(new GenerateEvent.Finished(index, "length"));
        } else {
          generations.add(model.submit(generation(seed, index), choice));
        }
      }
    } catch (RuntimeException e) {
      cancel();
      throw e;
    }
  }

  private GenerationRequest generation(long seed, int index) {
    return new GenerationRequest(
        prompt.tokens(),
        request.adapter().map(ref -> new AdapterRef(ref.name(), Path.of(ref.folder()))),
        new SamplingSettings(
            request.temperature(),
            request.topP(),
            // Far apart, as neighbours of a counter-based generator need not be independent.
            seed + index * 0x9E3779B97F4A7C15L,
            request.frequencyPenalty(),
            request.presencePenalty(),
            biases(),
            request.logprobs() ? request.topLogprobs() : -1),
        prompt.maxTokens(),
        Set.copyOf(model.endTokens()),
        request.form().map(form -> model.constraint(domain(form))));
  }

  private static AnswerForm domain(GenerateRequest.Form form) {
    return new AnswerForm(
        form.json().map(json -> new AnswerForm.Json(json.schema(), json.strict())),
        form.calls()
            .map(calls ->
                new AnswerForm.Calls(
                    calls.functions().stream()
                        .map(each ->
                            new AnswerForm.Function(each.name(), each.parameters(), each.strict()))
                        .toList(),
                    calls.callsMax(),
                    calls.text())));
  }

  private Map<Integer, Float> biases() {
    return request.logitBias().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, bias -> bias.getValue().floatValue()));
  }

  /// Called by choices on the generator's thread: never waits.
  private void say(GenerateEvent event) {
    if (!events.offer(event)) {
      var behind =
          new IllegalStateException(
              "the reader of this answer is more than " + EVENTS_MAX + " events behind");
      events.clear();
      events.add(RequestFailure.internal(behind));
      throw behind; // Ends the generation.
    }
  }

  /// Writes all events; returns after the last. However it ends, nothing is left running.
  void writeTo(Writer writer) throws IOException, InterruptedException {
    try {
      List<GenerateEvent> batch = new ArrayList<>();
      batch.add(new GenerateEvent.Started(prompt.tokens().length));
      if (request.echo()) {
        for (int index = 0; index < request.n(); index++) {
          batch.add(new GenerateEvent.Delta(index, prompt.text(), List.of()));
        }
      }
      int unfinished = request.n();
      while (true) {
        writer.write(batch);
        if (batch.stream().anyMatch(Failed.class::isInstance)) {
          return;
        }
        unfinished -=
            Math.toIntExact(
                batch.stream().filter(GenerateEvent.Finished.class::isInstance).count());
        if (unfinished == 0) {
          writer.write(
              List.of(new GenerateEvent.Usage(prompt.tokens().length, tokens(), cachedTokens())));
          return;
        }
        next(batch, writer);
      }
    } finally {
      cancel();
    }
  }

  /// Fills `batch` with at least one event.
  private void next(List<GenerateEvent> batch, Writer writer)
      throws IOException, InterruptedException {
    batch.clear();
    while (batch.isEmpty()) {
      GenerateEvent event = events.poll(PING_EVERY.toMillis(), TimeUnit.MILLISECONDS);
      if (event == null) {
        writer.ping();
      } else {
        batch.add(event);
        events.drainTo(batch);
      }
    }
  }

  /// Later choices know the prompt from the first: what the request found is what that one did.
  private int cachedTokens() {
    return choices.isEmpty() ? 0 : choices.getFirst().cachedTokens();
  }

  private int tokens() {
    return choices.stream().mapToInt(Choice::tokens).sum();
  }

  private void cancel() {
    generations.forEach(Generation::cancel);
  }
}
