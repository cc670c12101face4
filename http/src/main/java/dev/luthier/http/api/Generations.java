package dev.luthier.http.api;

import dev.luthier.http.sse.Streaming;
import dev.luthier.platform.chat.ChatService;
import dev.luthier.platform.models.ResolvedModel;
import io.javalin.http.Context;
import java.time.Clock;
import java.util.Optional;

/// What every endpoint that generates text works with.
///
/// @param streaming how answers in pieces are sent
/// @param ids of answers
public record Generations(ChatService chat, Streaming streaming, AnswerIds ids, Clock clock) {
  /// The model behind a name, for the project that the request names.
  ResolvedModel.Callable model(Context context, String name) {
    var project = Optional.ofNullable(context.header("OpenAI-Project")).map(String::strip);
    return chat.model(name, project.filter(text -> !text.isEmpty()));
  }

  long now() {
    return clock.instant().getEpochSecond();
  }
}
