package dev.luthier.http.api;

import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.wire.api.Response;
import java.util.List;
import java.util.Optional;

/// One response in the states it passes through, as the API shows them.
///
/// @param id of the response, `messageId` of its only message
/// @param createdAt Unix seconds
/// @param model the model's own name, never an alias
record ResponseObjects(
    String id, String messageId, long createdAt, String model, ResponseRequest request) {

  Response inProgress() {
    return response("in_progress", List.of(), Optional.empty(), Optional.empty());
  }

  Response ended(String text, FinishReason reason, Usage usage) {
    return response(
        status(reason),
        List.of(message(text, reason)),
        Optional.of(new Response.Usage(usage.promptTokens(), usage.completionTokens())),
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

  static String status(FinishReason reason) {
    return reason == FinishReason.LENGTH ? "incomplete" : "completed";
  }

  private Response response(
      String status,
      List<Response.Message> output,
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
        new Response.Text(new Response.Format("text")),
        request.toolChoice(),
        request.tools(),
        request.topP(),
        "disabled",
        usage,
        request.user(),
        request.metadata());
  }
}
