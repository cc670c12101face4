package dev.luthier.http.api;

import dev.luthier.http.sse.EventStream;
import dev.luthier.platform.chat.AnswerSink;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.ToolCall;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.wire.api.Response;
import dev.luthier.wire.api.ResponseEvent;
import java.util.ArrayList;
import java.util.List;

/// Sends a response event by event, numbered from 0. There is no `[DONE]`.
///
/// The message begins at once, unless tools are offered: then it may be that only calls come, and
/// it begins with its first text. It stays open until the end, while calls come beside it.
final class ResponseStreamSink implements AnswerSink {

  private final EventStream stream;
  private final ResponseObjects objects;
  private final StringBuilder text = new StringBuilder();
  private final List<Response.Item> output = new ArrayList<>();
  private int message = -1; // where it stands in the output
  private FinishReason reason = FinishReason.STOP;
  private int next;

  ResponseStreamSink(EventStream stream, ResponseObjects objects) {
    this.stream = stream;
    this.objects = objects;
  }

  @Override
  public void started(int promptTokens) {
    whole("response.created", objects.inProgress());
    whole("response.in_progress", objects.inProgress());
    if (objects.request().offer().tools().isEmpty()) {
      beginMessage();
    }
  }

  @Override
  public void delta(int index, String piece, List<TokenLogprob> logprobs) {
    if (piece.isEmpty()) {
      return;
    }
    if (message < 0) {
      beginMessage();
    }
    text.append(piece);
    send(
        new ResponseEvent.TextDelta(
            "response.output_text.delta", next, objects.messageId(), message, 0, piece, List.of()));
  }

  @Override
  public void called(int index, ToolCall call) {
    var item = objects.call(call);
    int place = output.size();
    output.add(item);
    item("response.output_item.added", place, ResponseObjects.begun(item));
    send(
        new ResponseEvent.ArgumentsDelta(
            "response.function_call_arguments.delta", next, item.id(), place, item.arguments()));
    send(
        new ResponseEvent.ArgumentsDone(
            "response.function_call_arguments.done",
            next,
            item.id(),
            item.name(),
            place,
            item.arguments()));
    item("response.output_item.done", place, item);
  }

  @Override
  public void finished(int index, FinishReason why) {
    reason = why;
    if (output.isEmpty()) {
      beginMessage();
    }
    if (message >= 0) {
      endMessage();
    }
  }

  @Override
  public void usage(Usage usage) {
    whole("response." + ResponseObjects.status(reason), objects.ended(output, reason, usage));
  }

  /// Tells that the response broke off.
  void failed(ApiException refused) {
    whole("response.failed", objects.failed(refused));
  }

  private void beginMessage() {
    message = output.size();
    output.add(objects.begun());
    item("response.output_item.added", message, objects.begun());
    part("response.content_part.added", "");
  }

  private void endMessage() {
    var whole = text.toString();
    send(
        new ResponseEvent.TextDone(
            "response.output_text.done", next, objects.messageId(), message, 0, whole, List.of()));
    part("response.content_part.done", whole);
    var item = objects.message(whole, reason);
    output.set(message, item);
    item("response.output_item.done", message, item);
  }

  private void item(String type, int place, Response.Item item) {
    send(new ResponseEvent.Item(type, next, place, item));
  }

  private void whole(String type, Response response) {
    send(new ResponseEvent.Whole(type, next, response));
  }

  private void part(String type, String content) {
    send(
        new ResponseEvent.Part(
            type, next, objects.messageId(), message, 0, new Response.OutputText(content)));
  }

  private void send(ResponseEvent event) {
    next++;
    stream.event(event.type(), event);
  }
}
