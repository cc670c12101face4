package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.ErrorMapper;
import dev.luthier.http.request.ClientWatch;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.PageQuery;
import dev.luthier.http.sse.Streaming;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.idempotency.IdempotentCreations;
import dev.luthier.platform.idempotency.IdempotentCreations.Thing;
import dev.luthier.platform.stored.ResponseService;
import dev.luthier.platform.stored.StoredResponse;
import dev.luthier.wire.Json;
import dev.luthier.wire.api.CursorPage;
import dev.luthier.wire.api.DeletedResponse;
import dev.luthier.wire.api.Response;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// `/v1/responses`: text in, a text message or calls out, kept unless the request says otherwise.
public final class ResponseResource {
  private static final int LIMIT_DEFAULT = 20;
  private static final int LIMIT_MAX = 100;

  private final Generations generations;
  private final ResponseService responses;
  private final BackgroundResponses background;
  private final IdempotentCreations creations;

  public ResponseResource(
      Generations generations,
      ResponseService responses,
      BackgroundResponses background,
      IdempotentCreations creations) {
    this.generations = generations;
    this.responses = responses;
    this.background = background;
    this.creations = creations;
  }

  void create(Context context) throws IOException {
    var body = JsonBody.read(context);
    var request = ResponseRequest.read(body, generations.ids(), this::conversation);
    var opened = generations.open(context, request.model());
    var objects = ResponseObjects.of(generations, opened.model().name(), request);
    if (request.stream() && request.background()) {
      inBackground(opened, objects);
      follow(context, objects.id(), 0);
      return;
    }
    if (request.stream()) {
      stream(context, opened, objects);
      return;
    }
    var client = ClientWatch.of(context);
    Thing<JsonNode> response =
        request.background()
            ? new Thing<>(
                "background response",
                () -> tree(inBackground(opened, objects)),
                ResponseResource::idOf,
                background::current)
            : new Thing<>(
                "response",
                () -> tree(whole(client, opened, objects)),
                JsonNode::toString,
                Json::tree);
    Answers.json(
        context, creations.slowly(IdempotencyKey.of(context), body.json().toString(), response));
  }

  private static JsonNode tree(Response response) {
    return Json.tree(Json.text(response));
  }

  private Response whole(ClientWatch client, Generations.Opened opened, ResponseObjects objects) {
    var answer = new AtomicReference<Optional<Response>>(Optional.empty());
    var listener =
        new ResponseAnswer.Listener(
            _ -> client.check(),
            client::check,
            keep(objects).andThen(whole -> answer.set(Optional.of(whole))));
    generate(opened, objects.request(), new ResponseAnswer(objects, listener));
    return answer.get().orElseThrow();
  }

  private void stream(Context context, Generations.Opened opened, ResponseObjects objects) {
    generations
        .streaming()
        .serve(
            context,
            stream -> {
              var sink =
                  new ResponseAnswer(
                      objects,
                      new ResponseAnswer.Listener(
                          event -> stream.event(event.type(), event), () -> {}, keep(objects)));
              return new Streaming.Work(
                  () -> generate(opened, objects.request(), sink), sink::failed);
            });
  }

  private Response inBackground(Generations.Opened opened, ResponseObjects objects) {
    var queued = objects.unended("queued");
    responses.keep(stored(objects, queued, true));
    var answer =
        new ResponseAnswer(
            objects,
            new ResponseAnswer.Listener(
                background.events(objects.id(), objects.request().stream()),
                () -> {},
                whole -> responses.change(objects.id(), Json.text(whole), false)));
    answer.queued();
    background.start(
        objects.id(),
        new BackgroundResponses.Work(
            () -> {
              responses.change(objects.id(), Json.text(objects.unended("in_progress")), true);
              generate(opened, objects.request(), answer);
            },
            objects::failed,
            answer::failed));
    return queued;
  }

  /// A client that leaves does not end a response in the background.
  private void follow(Context context, String id, int first) {
    generations
        .streaming()
        .serve(
            context,
            stream ->
                new Streaming.Work(
                    () -> background.follow(id, first, stream::event),
                    refused -> stream.data(ErrorMapper.envelope(refused))));
  }

  private static void generate(
      Generations.Opened opened, ResponseRequest request, ResponseAnswer answer) {
    var generation = request.generation();
    while (true) {
      try {
        opened.chat().answer(opened.model(), generation, request.offer().callsMax(), answer);
        return;
      } catch (ApiException refused) {
        // Told before anything of the answer is, so it can be asked again.
        if (!request.truncated() || refused.code() != ErrorCode.CONTEXT_LENGTH_EXCEEDED) {
          throw refused;
        }
        generation = Truncation.shorter(generation).orElseThrow(() -> refused);
      }
    }
  }

  private Consumer<Response> keep(ResponseObjects objects) {
    return whole -> {
      if (objects.request().store()) {
        responses.keep(stored(objects, whole, false));
      }
    };
  }

  private static StoredResponse stored(ResponseObjects objects, Response answer, boolean open) {
    return new StoredResponse(
        objects.id(),
        Instant.ofEpochSecond(objects.createdAt()),
        open,
        Json.text(answer),
        Json.text(objects.request().items()));
  }

  /// All that was said up to a response, and what that said itself.
  ArrayNode conversation(String id) {
    var previous = responses.previous(id);
    var items = (ArrayNode) Json.tree(previous.items());
    Json.tree(previous.answer()).path("output").forEach(items::add);
    return items;
  }

  /// With `stream=true` its events, from the one behind `starting_after` on.
  void get(Context context) {
    var stream = PageQuery.oneOf(context, "stream", List.of("true", "false"));
    if (stream.filter("true"::equals).isPresent()) {
      follow(context, id(context), PageQuery.number(context, "starting_after").orElse(-1) + 1);
      return;
    }
    Answers.json(context, background.current(id(context)));
  }

  void cancel(Context context) {
    Answers.json(context, background.cancel(id(context)));
  }

  void delete(Context context) {
    background.delete(id(context));
    Answers.json(context, new DeletedResponse(id(context)));
  }

  /// What the model was given, the newest first unless the query says otherwise.
  void items(Context context) {
    var items = Json.tree(responses.get(id(context)).items()).valueStream().toList();
    boolean oldestFirst =
        PageQuery.oneOf(context, "order", List.of("asc", "desc")).filter("asc"::equals).isPresent();
    var page =
        PageQuery.cut(
            oldestFirst ? items : items.reversed(),
            ResponseResource::idOf,
            PageQuery.read(context, LIMIT_DEFAULT, LIMIT_MAX));
    Answers.json(context, CursorPage.of(page.data(), ResponseResource::idOf, page.hasMore()));
  }

  private static String idOf(JsonNode item) {
    return item.path("id").asString();
  }

  private static String id(Context context) {
    return context.pathParam("id");
  }
}
