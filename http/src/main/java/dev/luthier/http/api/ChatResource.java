package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.ErrorMapper;
import dev.luthier.http.request.ClientWatch;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.sse.Streaming;
import dev.luthier.platform.idempotency.IdempotentCreations;
import dev.luthier.platform.stored.CompletionService;
import dev.luthier.wire.Json;
import dev.luthier.wire.api.ChatCompletion;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// `/v1/chat/completions`.
public final class ChatResource {

  private final Generations generations;
  private final CompletionService completions;
  private final IdempotentCreations creations;

  public ChatResource(
      Generations generations, CompletionService completions, IdempotentCreations creations) {
    this.generations = generations;
    this.completions = completions;
    this.creations = creations;
  }

  /// Whether the answer streams is said by the body, not by `Accept`, which clients leave at JSON.
  void create(Context context) throws IOException {
    var body = JsonBody.read(context);
    var request = ChatRequest.read(body);
    var opened = generations.open(context, request.model());
    var model = opened.model();
    var generation = request.generation();
    var objects =
        new ChatObjects(
            generations.ids().draw("chatcmpl-"),
            generations.now(),
            model.name(),
            opened.fingerprint(),
            generation.topLogprobs().isPresent(),
            request.offer().asFunctionCall(),
            new CallIds(generations.ids()));
    int callsMax = request.offer().callsMax();
    var collected = new CollectingSink(generation.choices(), ClientWatch.of(context));
    Runnable keep = () -> keep(context, request, body.json(), objects.whole(collected));
    if (!request.stream()) {
      Supplier<JsonNode> make =
          () -> {
            opened.chat().answer(model, generation, callsMax, collected);
            keep.run();
            return Json.tree(Json.text(objects.whole(collected)));
          };
      Answers.json(context, once(context, body.json(), make));
      return;
    }
    generations
        .streaming()
        .serve(
            context,
            stream -> {
              var pieces =
                  new ChatStreamSink(stream, objects, generation.choices(), request.includeUsage());
              var sink =
                  request.kept().isPresent() ? new KeepingSink(pieces, collected, keep) : pieces;
              return new Streaming.Work(
                  () -> opened.chat().answer(model, generation, callsMax, sink),
                  refused -> stream.data(ErrorMapper.envelope(refused)));
            });
  }

  /// The same key gets the same answer; the model is asked once.
  private JsonNode once(Context context, JsonNode body, Supplier<JsonNode> make) {
    return creations.slowly(
        IdempotencyKey.of(context),
        body.toString(),
        new IdempotentCreations.Thing<>("chat", make, JsonNode::toString, Json::tree));
  }

  private void keep(Context context, ChatRequest request, JsonNode body, ChatCompletion answer) {
    request
        .kept()
        .ifPresent(metadata ->
            completions.keep(
                StoredChatObjects.kept(
                    answer,
                    body,
                    String.valueOf(context.res().getHeader("x-request-id")),
                    metadata)));
  }
}
