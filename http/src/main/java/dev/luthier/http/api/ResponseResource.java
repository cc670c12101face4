package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.ClientWatch;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.sse.Streaming;
import dev.luthier.platform.models.ResolvedModel;
import io.javalin.http.Context;
import java.io.IOException;

/// `/v1/responses`, in its minimum: text in, a text message or calls out, nothing stored.
public final class ResponseResource {

  private final Generations generations;

  public ResponseResource(Generations generations) {
    this.generations = generations;
  }

  void create(Context context) throws IOException {
    var request = ResponseRequest.read(JsonBody.read(context));
    var model = generations.model(context, request.model());
    var objects =
        new ResponseObjects(
            generations.ids().draw("resp_"),
            generations.ids().draw("msg_"),
            generations.now(),
            model.name(),
            generations.ids(),
            request);
    if (request.stream()) {
      stream(context, request, model, objects);
      return;
    }
    var collected = new CollectingSink(1, ClientWatch.of(context));
    generations.chat().answer(model, request.generation(), request.offer().callsMax(), collected);
    Answers.json(context, objects.whole(collected));
  }

  private void stream(
      Context context,
      ResponseRequest request,
      ResolvedModel.Callable model,
      ResponseObjects objects) {
    generations
        .streaming()
        .serve(
            context,
            stream -> {
              var sink = new ResponseStreamSink(stream, objects);
              return new Streaming.Work(
                  () ->
                      generations
                          .chat()
                          .answer(model, request.generation(), request.offer().callsMax(), sink),
                  sink::failed);
            });
  }
}
