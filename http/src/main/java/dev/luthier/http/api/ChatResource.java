package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.ErrorMapper;
import dev.luthier.http.request.ClientWatch;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.sse.Streaming;
import io.javalin.http.Context;
import java.io.IOException;

/// `/v1/chat/completions`.
public final class ChatResource {

  private final Generations generations;

  public ChatResource(Generations generations) {
    this.generations = generations;
  }

  /// Whether the answer streams is said by the body, not by `Accept`, which clients leave at JSON.
  void create(Context context) throws IOException {
    var request = ChatRequest.read(JsonBody.read(context));
    var model = generations.model(context, request.model());
    var generation = request.generation();
    var objects =
        new ChatObjects(
            generations.ids().draw("chatcmpl-"),
            generations.now(),
            model.name(),
            generation.topLogprobs().isPresent(),
            request.offer().asFunctionCall(),
            generations.ids());
    int callsMax = request.offer().callsMax();
    if (!request.stream()) {
      var collected = new CollectingSink(generation.choices(), ClientWatch.of(context));
      generations.chat().answer(model, generation, callsMax, collected);
      Answers.json(context, objects.whole(collected));
      return;
    }
    generations
        .streaming()
        .serve(
            context,
            stream -> {
              var sink =
                  new ChatStreamSink(stream, objects, generation.choices(), request.includeUsage());
              return new Streaming.Work(
                  () -> generations.chat().answer(model, generation, callsMax, sink),
                  refused -> stream.data(ErrorMapper.envelope(refused)));
            });
  }
}
