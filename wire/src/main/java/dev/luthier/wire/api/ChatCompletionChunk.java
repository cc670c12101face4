package dev.luthier.wire.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/// One piece of a streamed chat completion.
///
/// `usage` is a key only when the request asked for it: [WithUsage] carries it, null on every chunk
/// but the last. Old callers read `choices[0]` of every chunk, so nobody gets the last, empty chunk
/// unasked.
public record ChatCompletionChunk(
    String id,
    String object,
    long created,
    String model,
    Optional<String> systemFingerprint,
    List<Choice> choices) {

  public ChatCompletionChunk {
    choices = List.copyOf(choices);
  }

  /// The same chunk with the key `usage`.
  public WithUsage with(Optional<Usage> usage) {
    return new WithUsage(id, object, created, model, systemFingerprint, choices, usage);
  }

  public record WithUsage(
      String id,
      String object,
      long created,
      String model,
      Optional<String> systemFingerprint,
      List<Choice> choices,
      Optional<Usage> usage) {}

  public record Choice(
      int index, Delta delta, Optional<ChatLogprobs> logprobs, Optional<String> finishReason) {}

  /// What a chunk adds to the message.
  public sealed interface Delta {
    /// The first of a choice.
    record Start(String role, String content, Optional<String> refusal) implements Delta {
      public Start() {
        this("assistant", "", Optional.empty());
      }
    }

    /// Some text.
    record Text(String content) implements Delta {}

    /// A call begins, or the one of its `index` goes on.
    record Calls(List<CallPiece> toolCalls) implements Delta {
      public Calls(CallPiece piece) {
        this(List.of(piece));
      }
    }

    /// As [Calls], for a request that offered the older `functions`.
    record FunctionStart(ChatToolCall.Function functionCall) implements Delta {}

    /// More of that call's arguments.
    record FunctionMore(Arguments functionCall) implements Delta {}

    /// The last of a choice: an empty object.
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record End() implements Delta {}
  }

  /// A piece of a call: clients join those of one `index`.
  public sealed interface CallPiece {
    /// The first, with a name and no arguments yet.
    record Start(int index, String id, String type, ChatToolCall.Function function)
        implements CallPiece {
      public Start(int index, String id, String name) {
        this(index, id, "function", new ChatToolCall.Function(name, ""));
      }
    }

    /// Some of the arguments.
    record More(int index, Arguments function) implements CallPiece {}
  }

  public record Arguments(String arguments) {}
}
