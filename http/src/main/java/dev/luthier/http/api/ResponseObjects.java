package dev.luthier.http.api;

import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.ToolCall;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.wire.api.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One response in the states it passes through, as the API shows them.
///
/// @param id of the response, `messageId` of its only message
/// @param createdAt Unix seconds
/// @param model the model's own name, never an alias
/// @param ids of calls
record ResponseObjects(
    String id,
    String messageId,
    long createdAt,
    String model,
    AnswerIds ids,
    ResponseRequest request) {

  Response inProgress() {
    return response("in_progress", List.of(), Optional.empty(), Optional.empty());
  }

  /// The message comes first, and only if there is text or nothing else.
  Response whole(CollectingSink collected) {
    var answer = collected.answers().getFirst();
    var output = new ArrayList<Response.Item>();
    if (!answer.text().isEmpty() || answer.calls().isEmpty()) {
      output.add(message(answer.text(), answer.reason()));
    }
    answer.calls().forEach(call -> output.add(call(call)));
    return ended(output, answer.reason(), collected.usage());
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
    return response(
        "failed",
        List.of(),
        Optional.empty(),
        Optional.of(
            new Response.ResponseError(
                refused.code().code().orElse("server_error"), refused.text())));
  }

  /// The message before its first word.
  Response.Message begun() {
    return new Response.Message("message", messageId, "in_progress", "assistant", List.of());
  }

  Response.Message message(String text, FinishReason reason) {
    return new Response.Message(
        "message", messageId, status(reason), "assistant", List.of(new Response.OutputText(text)));
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
        error,
        status.equals("incomplete")
            ? Optional.of(new Response.IncompleteDetails("max_output_tokens"))
            : Optional.empty(),
        request.instructions(),
        request.maxOutputTokens(),
        model,
        output,
        request.parallelToolCalls(),
        Optional.empty(),
        new Response.Reasoning(Optional.empty(), Optional.empty()),
        // Nothing is kept, whatever was asked for, and the answer says so.
        false,
        request.temperature(),
        new Response.Text(request.format()),
        request.toolChoice(),
        request.tools(),
        request.topP(),
        "disabled",
        usage,
        request.user(),
        request.metadata());
  }
}
