package dev.luthier.http.api;

import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.ToolCall;
import dev.luthier.wire.api.ChatCompletion;
import dev.luthier.wire.api.ChatCompletionChunk;
import dev.luthier.wire.api.ChatLogprobs;
import dev.luthier.wire.api.ChatToolCall;
import dev.luthier.wire.api.Usage;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Chat completions, whole and in chunks, as the API shows them.
///
/// @param id the same in every chunk of an answer
/// @param created Unix seconds, the same in every chunk
/// @param model the model's own name, never an alias
/// @param fingerprint of what made it
/// @param logprobs whether they were asked for
/// @param asFunctionCall whether a call goes into the older `function_call`
/// @param callIds of the calls
record ChatObjects(
    String id,
    long created,
    String model,
    String fingerprint,
    boolean logprobs,
    boolean asFunctionCall,
    CallIds callIds) {

  ChatCompletion whole(CollectingSink collected) {
    var choices =
        collected
            .indices()
            .mapToObj(index -> choice(index, collected.answers().get(index)))
            .toList();
    return new ChatCompletion(
        id,
        "chat.completion",
        created,
        model,
        choices,
        usage(collected.usage()),
        "default",
        Optional.of(fingerprint));
  }

  ChatCompletionChunk start(int index) {
    return chunk(index, new ChatCompletionChunk.Delta.Start(), Optional.empty(), Optional.empty());
  }

  ChatCompletionChunk text(int index, String text, List<TokenLogprob> tokens) {
    return chunk(
        index, new ChatCompletionChunk.Delta.Text(text), logprobs(tokens), Optional.empty());
  }

  /// The name of a call, then its arguments.
  ///
  /// @param number of the call in its answer, from 0
  List<ChatCompletionChunk> call(int index, int number, ToolCall call) {
    var arguments = new ChatCompletionChunk.Arguments(call.arguments());
    List<ChatCompletionChunk.Delta> deltas =
        asFunctionCall
            ? List.of(
                new ChatCompletionChunk.Delta.FunctionStart(
                    new ChatToolCall.Function(call.name(), "")),
                new ChatCompletionChunk.Delta.FunctionMore(arguments))
            : List.of(
                new ChatCompletionChunk.Delta.Calls(
                    new ChatCompletionChunk.CallPiece.Start(
                        number, callIds.of(index, number), call.name())),
                new ChatCompletionChunk.Delta.Calls(
                    new ChatCompletionChunk.CallPiece.More(number, arguments)));
    return deltas.stream()
        .map(delta -> chunk(index, delta, Optional.empty(), Optional.empty()))
        .toList();
  }

  ChatCompletionChunk end(int index, FinishReason reason) {
    return chunk(
        index,
        new ChatCompletionChunk.Delta.End(),
        Optional.empty(),
        Optional.of(reasonText(reason)));
  }

  /// The chunk after the last, which carries nothing but the usage.
  ChatCompletionChunk empty() {
    return chunk(List.of());
  }

  static Usage usage(dev.luthier.platform.chat.Usage usage) {
    return new Usage(usage.promptTokens(), usage.completionTokens(), usage.cachedTokens());
  }

  static List<ChatLogprobs.Token> tokens(List<TokenLogprob> tokens) {
    return tokens.stream()
        .map(token ->
            new ChatLogprobs.Token(
                token.token(),
                token.logprob(),
                token.bytes(),
                token.top().stream()
                    .map(top -> new ChatLogprobs.Top(top.token(), top.logprob(), top.bytes()))
                    .toList()))
        .toList();
  }

  private ChatCompletion.Choice choice(int index, CollectingSink.Answer answer) {
    return new ChatCompletion.Choice(
        index, message(index, answer), logprobs(answer.logprobs()), reasonText(answer.reason()));
  }

  /// Nothing but calls is no text at all.
  private ChatCompletion.Message message(int index, CollectingSink.Answer answer) {
    boolean onlyCalls = answer.text().isEmpty() && !answer.calls().isEmpty();
    var calls =
        answer.calls().stream()
            .map(call -> new ChatToolCall.Function(call.name(), call.arguments()))
            .toList();
    return new ChatCompletion.Message(
        "assistant",
        onlyCalls ? Optional.empty() : Optional.of(answer.text()),
        Optional.empty(),
        asFunctionCall
            ? List.of()
            : IntStream.range(0, calls.size())
                .mapToObj(call -> new ChatToolCall(callIds.of(index, call), calls.get(call)))
                .toList(),
        List.of(),
        asFunctionCall ? calls.stream().findFirst() : Optional.empty());
  }

  private String reasonText(FinishReason reason) {
    return asFunctionCall && reason == FinishReason.TOOL_CALLS ? "function_call" : reason.text();
  }

  private Optional<ChatLogprobs> logprobs(List<TokenLogprob> tokens) {
    return logprobs
        ? Optional.of(new ChatLogprobs(tokens(tokens), Optional.empty()))
        : Optional.empty();
  }

  private ChatCompletionChunk chunk(
      int index,
      ChatCompletionChunk.Delta delta,
      Optional<ChatLogprobs> tokens,
      Optional<String> reason) {
    return chunk(List.of(new ChatCompletionChunk.Choice(index, delta, tokens, reason)));
  }

  private ChatCompletionChunk chunk(List<ChatCompletionChunk.Choice> choices) {
    return new ChatCompletionChunk(
        id, "chat.completion.chunk", created, model, Optional.of(fingerprint), choices);
  }
}
