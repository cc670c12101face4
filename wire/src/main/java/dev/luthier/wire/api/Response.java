package dev.luthier.wire.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// An answer of the responses API: one message of one text part, and calls.
public record Response(
    String id,
    String object,
    long createdAt,
    String status,
    boolean background,
    Optional<Long> completedAt,
    Optional<ResponseError> error,
    Optional<IncompleteDetails> incompleteDetails,
    Optional<String> instructions,
    Optional<Integer> maxOutputTokens,
    String model,
    List<Item> output,
    boolean parallelToolCalls,
    Optional<String> previousResponseId,
    Reasoning reasoning,
    String serviceTier,
    boolean store,
    double temperature,
    Text text,
    JsonNode toolChoice,
    List<JsonNode> tools,
    int topLogprobs,
    double topP,
    String truncation,
    Optional<Usage> usage,
    Optional<String> user,
    Map<String, String> metadata) {

  public Response {
    output = List.copyOf(output);
    tools = List.copyOf(tools);
  }

  public record ResponseError(String code, String message) {}

  public record IncompleteDetails(String reason) {}

  public record Reasoning(Optional<String> effort, Optional<String> summary) {}

  /// What the text of the answer must be, as it was asked for.
  public record Text(JsonNode format) {}

  public record Usage(
      int inputTokens,
      InputTokensDetails inputTokensDetails,
      int outputTokens,
      OutputTokensDetails outputTokensDetails,
      int totalTokens) {
    public Usage(int inputTokens, int outputTokens, int cachedTokens) {
      this(
          inputTokens,
          new InputTokensDetails(cachedTokens, 0),
          outputTokens,
          new OutputTokensDetails(0),
          inputTokens + outputTokens);
    }
  }

  public record InputTokensDetails(int cachedTokens, int cacheWriteTokens) {}

  public record OutputTokensDetails(int reasoningTokens) {}

  /// One thing that the model put out.
  public sealed interface Item {}

  public record Message(
      String type, String id, String status, String role, List<OutputText> content)
      implements Item {
    public Message {
      content = List.copyOf(content);
    }
  }

  /// A call of a tool.
  ///
  /// @param id of the item; `callId` is what the call's output refers to
  public record FunctionCall(
      String type, String id, String callId, String name, String arguments, String status)
      implements Item {}

  public record OutputText(
      String type, String text, List<Object> annotations, List<ChatLogprobs.Token> logprobs) {
    public OutputText {
      logprobs = List.copyOf(logprobs);
    }

    public OutputText(String text, List<ChatLogprobs.Token> logprobs) {
      this("output_text", text, List.of(), logprobs);
    }
  }
}
