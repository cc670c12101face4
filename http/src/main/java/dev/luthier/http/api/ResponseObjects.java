package dev.luthier.http.api;

import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.ToolCall;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.wire.api.Response;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// One response in the states it passes through, as the API shows them.
///
/// @param id of the response, `messageId` of its only message
/// @param createdAt Unix seconds
/// @param model the model's own name, never an alias
/// @param ids of calls
/// @param now Unix seconds
record ResponseObjects(
    String id,
    String messageId,
    long createdAt,
    String model,
    AnswerIds ids,
    LongSupplier now,
    ResponseRequest request) {

  static ResponseObjects of(Generations generations, String model, ResponseRequest request) {
    return new ResponseObjects(
        generations.ids().draw("resp_"),
        generations.ids().draw("msg_"),
        generations.now(),
        model,
        generations.ids(),
        generations::now,
        request);
  }

  /// Before anything of it is there.
  Response unended(String status) {
    return response(status, List.of(), Optional.empty(), Optional.empty());
  }

  Response ended(List<Response.Item> output, FinishReason reason, Usage usage) {
    return response(
        status(reason),
        output,
        Optional.of(
            new Response.Usage(
                usage.promptTokens(), usage.completionTokens(), usage.cachedTokens())),
        Optional.empty());
  }

  Response failed(ApiException refused) {
    var code =
        switch (refused.code().status()) {
          case 429 -> "rate_limit_exceeded";
          case 500, 503, 507 -> "server_error";
          default -> "invalid_prompt";
        };
    return response(
        "failed",
        List.of(),
        Optional.empty(),
        Optional.of(new Response.ResponseError(code, refused.text())));
  }

  /// The message before its first word.
  Response.Message begun() {
    return new Response.Message("message", messageId, "in_progress", "assistant", List.of());
  }

  Response.Message message(Response.OutputText text, FinishReason reason) {
    return new Response.Message("message", messageId, status(reason), "assistant", List.of(text));
  }

  Response.FunctionCall call(ToolCall call) {
    return new Response.FunctionCall(
        "function_call",
        ids.draw("fc_"),
        ids.draw("call_"),
        call.name(),
        call.arguments(),
        "completed");
  }

  /// The call before its arguments.
  static Response.FunctionCall begun(Response.FunctionCall call) {
    return new Response.FunctionCall(
        call.type(), call.id(), call.callId(), call.name(), "", "in_progress");
  }

  static String status(FinishReason reason) {
    return reason == FinishReason.LENGTH ? "incomplete" : "completed";
  }

  private Response response(
      String status,
      List<Response.Item> output,
      Optional<Response.Usage> usage,
      Optional<Response.ResponseError> error) {
    return new Response(
        id,
        "response",
        createdAt,
        status,
        request.background(),
        status.equals("completed") ? Optional.of(now.getAsLong()) : Optional.empty(),
        error,
        status.equals("incomplete")
            ? Optional.of(new Response.IncompleteDetails("max_output_tokens"))
            : Optional.empty(),
        request.instructions(),
        request.maxOutputTokens(),
        model,
        output,
        request.parallelToolCalls(),
        request.previousResponseId(),
        new Response.Reasoning(Optional.empty(), Optional.empty()),
        "default",
        request.store(),
        request.temperature(),
        new Response.Text(request.format()),
        request.toolChoice(),
        request.tools(),
        request.topLogprobs(),
        request.topP(),
        request.truncated() ? "auto" : "disabled",
        usage,
        request.user(),
        request.metadata());
  }
}
