package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.ErrorMapper;
import dev.luthier.http.request.ClientWatch;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.sse.EventStream;
import dev.luthier.http.sse.Streaming;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.GenerationSink;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.idempotency.IdempotentCreations;
import dev.luthier.wire.Json;
import dev.luthier.wire.api.Completion;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// `/v1/completions`, the legacy endpoint. Several prompts are answered one after the other.
public final class CompletionResource {

  private final Generations generations;
  private final IdempotentCreations creations;

  public CompletionResource(Generations generations, IdempotentCreations creations) {
    this.generations = generations;
    this.creations = creations;
  }

  void create(Context context) throws IOException {
    var body = JsonBody.read(context);
    var request = CompletionRequest.read(body);
    var opened = generations.open(context, request.model());
    var objects =
        new CompletionObjects(
            generations.ids().draw("cmpl-"),
            generations.now(),
            opened.model().name(),
            opened.fingerprint(),
            request.logprobs().isPresent());
    if (request.stream()) {
      generations
          .streaming()
          .serve(
              context,
              stream ->
                  new Streaming.Work(
                      () -> stream(stream, request, opened, objects),
                      refused -> stream.data(ErrorMapper.envelope(refused))));
    } else {
      var client = ClientWatch.of(context);
      Answers.json(
          context,
          creations.slowly(
              IdempotencyKey.of(context),
              body.json().toString(),
              new IdempotentCreations.Thing<JsonNode>(
                  "completion",
                  () -> Json.tree(Json.text(whole(request, opened, objects, client))),
                  JsonNode::toString,
                  Json::tree)));
    }
  }

  private static Completion.WithUsage whole(
      CompletionRequest request,
      Generations.Opened opened,
      CompletionObjects objects,
      ClientWatch client) {
    var choices = new ArrayList<Completion.Choice>();
    var total = new Usage(0, 0);
    for (var prompt : request.prompts()) {
      var collected = new CollectingSink(request.bestOf(), client);
      opened.chat().generate(opened.model(), request.generation(prompt), collected);
      total = sum(total, collected.usage());
      for (var answer : best(collected.answers(), request.choices())) {
        choices.add(
            objects.choice(
                choices.size(),
                answer.text(),
                0,
                answer.logprobs(),
                Optional.of(answer.reason().text())));
      }
    }
    return objects.of(choices).with(Optional.of(ChatObjects.usage(total)));
  }

  /// Those of the highest log probability a token; all of them in their order if none is too many.
  private static List<CollectingSink.Answer> best(List<CollectingSink.Answer> answers, int wanted) {
    return answers.size() == wanted
        ? answers
        : answers.stream()
            .sorted(Comparator.comparingDouble(CompletionResource::logprob).reversed())
            .limit(wanted)
            .toList();
  }

  private static double logprob(CollectingSink.Answer answer) {
    return answer.logprobs().stream().mapToDouble(TokenLogprob::logprob).average().orElse(0);
  }

  private static void stream(
      EventStream stream,
      CompletionRequest request,
      Generations.Opened opened,
      CompletionObjects objects) {
    var total = new Usage(0, 0);
    int firstIndex = 0;
    for (var prompt : request.prompts()) {
      var sink = new Pieces(stream, objects, request, firstIndex);
      opened.chat().generate(opened.model(), request.generation(prompt), sink);
      total = sum(total, sink.usage);
      firstIndex += request.choices();
    }
    if (request.includeUsage()) {
      stream.data(objects.of(List.of()).with(Optional.of(ChatObjects.usage(total))));
    }
    stream.done();
  }

  private static Usage sum(Usage one, Usage other) {
    return new Usage(
        one.promptTokens() + other.promptTokens(),
        one.completionTokens() + other.completionTokens(),
        one.cachedTokens() + other.cachedTokens());
  }

  /// Sends the answers to one prompt; `firstIndex` is the index of its first.
  private static final class Pieces implements GenerationSink {
    private final EventStream stream;
    private final CompletionObjects objects;
    private final boolean includeUsage;
    private final int firstIndex;
    private final int[] lengths;
    private Usage usage = new Usage(0, 0);

    Pieces(
        EventStream stream, CompletionObjects objects, CompletionRequest request, int firstIndex) {
      this.stream = stream;
      this.objects = objects;
      this.includeUsage = request.includeUsage();
      this.firstIndex = firstIndex;
      this.lengths = new int[request.choices()];
    }

    @Override
    public void started(int promptTokens) {}

    @Override
    public void delta(int index, String text, List<TokenLogprob> logprobs) {
      send(objects.choice(firstIndex + index, text, lengths[index], logprobs, Optional.empty()));
      lengths[index] += text.length();
    }

    @Override
    public void finished(int index, FinishReason reason) {
      send(
          objects.choice(
              firstIndex + index, "", lengths[index], List.of(), Optional.of(reason.text())));
    }

    @Override
    public void usage(Usage total) {
      usage = total;
    }

    private void send(Completion.Choice choice) {
      var piece = objects.of(List.of(choice));
      stream.data(includeUsage ? piece.with(Optional.empty()) : piece);
    }
  }
}
