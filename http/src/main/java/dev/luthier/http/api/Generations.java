package dev.luthier.http.api;

import dev.luthier.http.sse.Streaming;
import dev.luthier.platform.chat.ChatService;
import dev.luthier.platform.models.Fingerprints;
import dev.luthier.platform.models.ResolvedModel;
import io.javalin.http.Context;
import java.time.Clock;

/// What every endpoint that generates text works with.
///
/// @param streaming how answers in pieces are sent
/// @param ids of answers
public record Generations(
    ChatService chat,
    Streaming streaming,
    AnswerIds ids,
    RateLimits limits,
    Fingerprints fingerprints,
    Clock clock) {

  /// What one request asks, and of which model.
  ///
  /// @param chat counts what the request uses
  /// @param fingerprint of all that the answer's bits depend on beside the request
  record Opened(ChatService chat, ResolvedModel.Callable model, String fingerprint) {}

  /// The model behind a name, for the project that the request names, if the key may ask now.
  Opened open(Context context, String name) {
    var model = chat.model(name, ModelAccess.project(context));
    var account = limits.admit(context);
    return new Opened(
        chat.metered(usage -> account.spend(usage.totalTokens())), model, fingerprints.of(model));
  }

  long now() {
    return clock.instant().getEpochSecond();
  }
}
