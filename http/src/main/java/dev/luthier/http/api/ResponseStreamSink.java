package dev.luthier.http.api;

import dev.luthier.http.sse.EventStream;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.GenerationSink;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.wire.api.Response;
import dev.luthier.wire.api.ResponseEvent;
import java.util.List;

/// Sends a response event by event, numbered from 0. There is no `[DONE]`.
final class ResponseStreamSink implements GenerationSink {

  private final EventStream stream;
  private final ResponseObjects objects;
  private final StringBuilder text = new StringBuilder();
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
    send(new ResponseEvent.Item("response.output_item.added", next, 0, objects.begun()));
    part("response.content_part.added", "");
  }

  @Override
  public void delta(int index, String piece, List<TokenLogprob> logprobs) {
    if (piece.isEmpty()) {
      return;
    }
    text.append(piece);
    send(
        new ResponseEvent.TextDelta(
            "response.output_text.delta", next, objects.messageId(), 0, 0, piece, List.of()));
  }

  @Override
  public void finished(int index, FinishReason why) {
    reason = why;
    var whole = text.toString();
    send(
        new ResponseEvent.TextDone(
            "response.output_text.done", next, objects.messageId(), 0, 0, whole, List.of()));
    part("response.content_part.done", whole);
    send(
        new ResponseEvent.Item(
            "response.output_item.done", next, 0, objects.message(whole, reason)));
  }

  @Override
  public void usage(Usage usage) {
    whole(
        "response." + ResponseObjects.status(reason),
        objects.ended(text.toString(), reason, usage));
  }

  /// Tells that the response broke off.
  void failed(ApiException refused) {
    whole("response.failed", objects.failed(refused));
  }

  private void whole(String type, Response response) {
    send(new ResponseEvent.Whole(type, next, response));
  }

  private void part(String type, String content) {
    send(
        new ResponseEvent.Part(
            type, next, objects.messageId(), 0, 0, new Response.OutputText(content)));
  }

  private void send(ResponseEvent event) {
    next++;
    stream.event(event.type(), event);
  }
}
