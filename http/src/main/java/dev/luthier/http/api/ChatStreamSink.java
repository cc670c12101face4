package dev.luthier.http.api;

import dev.luthier.http.sse.EventStream;
import dev.luthier.platform.chat.AnswerSink;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.ToolCall;
import dev.luthier.platform.chat.Usage;
import dev.luthier.wire.api.ChatCompletionChunk;
import java.util.List;
import java.util.Optional;

/// Sends a chat completion chunk by chunk: for each answer the role, then text and calls, then the
/// reason of its end; the usage last and only when it was asked for.
final class ChatStreamSink implements AnswerSink {

  private final EventStream stream;
  private final ChatObjects objects;
  private final int[] calls; // of each answer so far
  private final boolean includeUsage;

  ChatStreamSink(EventStream stream, ChatObjects objects, int choices, boolean includeUsage) {
    this.stream = stream;
    this.objects = objects;
    calls = new int[choices];
    this.includeUsage = includeUsage;
  }

  @Override
  public void started(int promptTokens) {
    for (int index = 0; index < calls.length; index++) {
      send(objects.start(index));
    }
  }

  @Override
  public void delta(int index, String text, List<TokenLogprob> logprobs) {
    send(objects.text(index, text, logprobs));
  }

  @Override
  public void called(int index, ToolCall call) {
    objects.call(index, calls[index]++, call).forEach(this::send);
  }

  @Override
  public void finished(int index, FinishReason reason) {
    send(objects.end(index, reason));
  }

  @Override
  public void usage(Usage usage) {
    if (includeUsage) {
      stream.data(objects.empty().with(Optional.of(ChatObjects.usage(usage))));
    }
    stream.done();
  }

  private void send(ChatCompletionChunk chunk) {
    stream.data(includeUsage ? chunk.with(Optional.empty()) : chunk);
  }
}
