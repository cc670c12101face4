package dev.luthier.wire.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/// A whole chat completion.
public record ChatCompletion(
    String id,
    String object,
    long created,
    String model,
    List<Choice> choices,
    Usage usage,
    String serviceTier,
    Optional<String> systemFingerprint) {

  public ChatCompletion {
    choices = List.copyOf(choices);
  }

  public record Choice(
      int index, Message message, Optional<ChatLogprobs> logprobs, String finishReason) {}

  /// The assistant's message. Keys of calls are absent, not null, when there is no call.
  ///
  /// @param functionCall the call of a request that offered the older `functions`
  public record Message(
      String role,
      Optional<String> content,
      Optional<String> refusal,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ChatToolCall> toolCalls,
      List<Object> annotations,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ChatToolCall.Function> functionCall) {
    public Message {
      toolCalls = List.copyOf(toolCalls);
      annotations = List.copyOf(annotations);
    }
  }
}
