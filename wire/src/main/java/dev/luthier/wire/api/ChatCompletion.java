package dev.luthier.wire.api;

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

  /// The assistant's message. `tool_calls` is not among the keys: it is absent, not null, when
  /// there is none, and this server answers in text only.
  public record Message(
      String role, Optional<String> content, Optional<String> refusal, List<Object> annotations) {
    public Message {
      annotations = List.copyOf(annotations);
    }
  }
}
