package dev.luthier.http.api;

import dev.luthier.http.sse.Streaming;
import dev.luthier.platform.chat.ChatService;
import java.time.Clock;

/// What every endpoint that generates text works with.
///
/// @param streaming how answers in pieces are sent
/// @param ids of answers
public record Generations(ChatService chat, Streaming streaming, AnswerIds ids, Clock clock) {
  long now() {
    return clock.instant().getEpochSecond();
  }
}
