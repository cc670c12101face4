package dev.luthier.http.api;

import dev.luthier.platform.chat.AnswerSink;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.ToolCall;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.wire.api.ChatLogprobs;
import dev.luthier.wire.api.Response;
import dev.luthier.wire.api.ResponseEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Makes a response of what a model says, and tells of it event by event, numbered from 0.
///
/// The message begins at once, unless tools are offered: then it may be that only calls come, and
/// it begins with its first text. It stays open until the end, while calls come beside it.
final class ResponseAnswer implements AnswerSink {

  private final ResponseObjects objects;
  private final Listener listener;
  private final StringBuilder text = new StringBuilder();
  private final List<ChatLogprobs.Token> logprobs = new ArrayList<>();
  private final List<TokenLogprob> unsaid = new ArrayList<>(); // tokens without text of their own
  private final List<Response.Item> output = new ArrayList<>();
  private int message = -1; // where it stands in the output
  private FinishReason reason = FinishReason.STOP;
  private boolean announced;
  private int next;

  /// Who hears of it. What it throws ends the answer.
  ///
  /// @param waiting runs while there is nothing to say
  /// @param ended takes the whole response before its last event
  record Listener(Consumer<ResponseEvent> events, Runnable waiting, Consumer<Response> ended) {}

  ResponseAnswer(ResponseObjects objects, Listener listener) {
    this.objects = objects;
    this.listener = listener;
  }

  /// Tells that the response waits; for one in the background, before anything else.
  void queued() {
    announced = true;
    whole("response.created", objects.unended("queued"));
    whole("response.queued", objects.unended("queued"));
  }

  @Override
  public void started(int promptTokens) {
    if (!announced) {
      whole("response.created", objects.unended("in_progress"));
    }
    whole("response.in_progress", objects.unended("in_progress"));
    if (objects.request().offer().tools().isEmpty()) {
      beginMessage();
    }
  }

  @Override
  public void waiting() {
    listener.waiting().run();
  }

  @Override
  public void delta(int index, String piece, List<TokenLogprob> tokens) {
    if (objects.request().generation().topLogprobs().isPresent()) {
      unsaid.addAll(tokens);
    }
    if (piece.isEmpty()) {
      return;
    }
    if (message < 0) {
      beginMessage();
    }
    text.append(piece);
    var said = saidTokens();
    send(
        new ResponseEvent.TextDelta(
            "response.output_text.delta", next, objects.messageId(), message, 0, piece, said));
  }

  @Override
  public void called(int index, ToolCall call) {
    unsaid.clear(); // The tokens of a call are no text.
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
    var response = objects.ended(output, reason, usage);
    listener.ended().accept(response);
    whole("response." + ResponseObjects.status(reason), response);
  }

  /// Tells that the response broke off.
  void failed(ApiException refused) {
    whole("response.failed", objects.failed(refused));
  }

  private List<ChatLogprobs.Token> saidTokens() {
    var said = ChatObjects.tokens(unsaid);
    unsaid.clear();
    logprobs.addAll(said);
    return said;
  }

  private void beginMessage() {
    message = output.size();
    output.add(objects.begun());
    item("response.output_item.added", message, objects.begun());
    part("response.content_part.added", new Response.OutputText("", List.of()));
  }

  private void endMessage() {
    var whole = new Response.OutputText(text.toString(), logprobs);
    send(
        new ResponseEvent.TextDone(
            "response.output_text.done",
            next,
            objects.messageId(),
            message,
            0,
            whole.text(),
            whole.logprobs()));
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

  private void part(String type, Response.OutputText part) {
    send(new ResponseEvent.Part(type, next, objects.messageId(), message, 0, part));
  }

  private void send(ResponseEvent event) {
    next++;
    listener.events().accept(event);
  }
}
