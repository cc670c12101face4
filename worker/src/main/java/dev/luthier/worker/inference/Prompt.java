package dev.luthier.worker.inference;

import dev.luthier.wire.internal.GenerateEvent.Failed;
import dev.luthier.wire.internal.GenerateRequest;
import java.util.Optional;

/// A request's prompt as tokens, and how many may follow it.
///
/// @param text the prompt's text if it is to be echoed, else empty
/// @param maxTokens 0 or more; prompt and answer fit the context
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Prompt(int[] tokens, String text, int maxTokens) {
  /// The longest answer to a request that names no length. A small base sampled at temperature 1
  /// may never end by itself, and would keep its reader and its neighbours waiting to the end of
  /// the context.
  static final int UNASKED_TOKENS_MAX = 1024;

  /// A prompt that the model cannot take.
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Failed failure;

    RefusedException(Failed failure) {
      super(failure.message());
      this.failure = failure;
    }

    Failed failure() {
      return failure;
    }
  }

  /// Throws [RefusedException], or `MessagesException` from the model's template.
  static Prompt of(GenerateRequest request, ServedModel model) {
    GenerateRequest.Prompt given = request.prompt();
    int[] tokens =
        given.messages().isPresent()
            ? model.encodeMessages(given.messages().get(), given.tools())
            : given.text().isPresent()
                ? model.encodeText(given.text().get())
                : given.tokens().orElseThrow().stream().mapToInt(Integer::intValue).toArray();
    int room = model.contextLength() - tokens.length;
    Optional<Integer> asked = request.maxTokens();
    if (room < asked.orElse(1)) {
      throw new RefusedException(
          given.messages().isPresent()
              ? RequestFailure.chatTooLong(model.contextLength(), tokens.length, asked)
              : RequestFailure.completionTooLong(model.contextLength(), tokens.length, asked));
    }
    if (tokens.length == 0) {
      throw new RefusedException(RequestFailure.emptyPrompt());
    }
    String text = request.echo() ? given.text().orElseGet(() -> model.decode(tokens)) : "";
    return new Prompt(tokens, text, allowed(asked, room));
  }

  static int allowed(Optional<Integer> asked, int room) {
    return asked.orElse(Math.min(room, UNASKED_TOKENS_MAX));
  }
}
