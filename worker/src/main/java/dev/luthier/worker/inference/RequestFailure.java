package dev.luthier.worker.inference;

import dev.luthier.engine.infer.GenerationRefusedException;
import dev.luthier.text.MessagesException;
import dev.luthier.wire.internal.GenerateEvent.Failed;
import java.util.Objects;
import java.util.Optional;

/// What callers are told when a request cannot be served, in the words of OpenAI where it has any.
final class RequestFailure {
  private static final String INVALID_REQUEST = "invalid_request_error";
  private static final String SERVER_ERROR = "server_error";

  private RequestFailure() {}

  /// A chat whose messages, or messages and asked completion, exceed the context.
  static Failed chatTooLong(int context, int prompt, Optional<Integer> maxTokens) {
    String message =
        prompt >= context || maxTokens.isEmpty()
            ? "This model's maximum context length is %d tokens. However, your messages resulted in %d tokens. Please reduce the length of the messages."
                .formatted(context, prompt)
            : "This model's maximum context length is %d tokens. However, you requested %d tokens (%d in the messages, %d in the completion). Please reduce the length of the messages or completion."
                .formatted(context, (long) prompt + maxTokens.get(), prompt, maxTokens.get());
    return tooLong(message, Optional.of("messages"));
  }

  /// A legacy completion that exceeds the context.
  static Failed completionTooLong(int context, int prompt, Optional<Integer> maxTokens) {
    int completion = maxTokens.orElse(1);
    return tooLong(
        "This model's maximum context length is %d tokens, however you requested %d tokens (%d in your prompt; %d for the completion). Please reduce your prompt; or completion length."
            .formatted(context, (long) prompt + completion, prompt, completion),
        Optional.empty());
  }

  private static Failed tooLong(String message, Optional<String> param) {
    return new Failed(400, message, INVALID_REQUEST, param, Optional.of("context_length_exceeded"));
  }

  static Failed emptyPrompt() {
    return new Failed(
        400,
        "Invalid 'prompt': it has no tokens, but at least one is needed.",
        INVALID_REQUEST,
        Optional.of("prompt"),
        Optional.empty());
  }

  static Failed of(MessagesException refused) {
    String param = refused.index() < 0 ? "messages" : "messages.[%d]".formatted(refused.index());
    return new Failed(400, message(refused), INVALID_REQUEST, Optional.of(param), Optional.empty());
  }

  static Failed of(GenerationRefusedException refused) {
    return switch (refused.reason()) {
      case CONTEXT_TOO_LONG -> tooLong(message(refused), Optional.empty());
      case INVALID_TOKEN -> malformed(refused);
      case QUEUE_FULL ->
          new Failed(
              503,
              "The model has too many requests waiting; try again in a moment.",
              SERVER_ERROR,
              Optional.empty(),
              Optional.empty());
      case CLOSED ->
          new Failed(
              503,
              "The model's process is ending; try again in a moment.",
              SERVER_ERROR,
              Optional.empty(),
              Optional.empty());
    };
  }

  static Failed malformed(RuntimeException refused) {
    return new Failed(400, message(refused), INVALID_REQUEST, Optional.empty(), Optional.empty());
  }

  static Failed internal(Throwable cause) {
    return new Failed(
        500,
        "The model failed while it answered: "
            + message(cause).lines().findFirst().orElse("no reason given"),
        SERVER_ERROR,
        Optional.empty(),
        Optional.empty());
  }

  private static String message(Throwable cause) {
    return Objects.requireNonNullElse(cause.getMessage(), cause.toString());
  }
}
