package dev.luthier.gateway;

import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.GenerationSink;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.wire.internal.GenerateEvent;
import dev.luthier.wire.internal.GenerateEvents;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;

/// Reads the events of one generation and tells them to a sink.
final class EventReader {
  private final GenerationSink sink;
  private boolean begun;

  EventReader(GenerationSink sink) {
    this.sink = sink;
  }

  /// Whether the sink has heard anything, so that the request cannot be repeated.
  boolean isBegun() {
    return begun;
  }

  /// Returns after `usage`; a `failed` leaves as an [ApiException].
  void read(BufferedReader lines) throws IOException {
    while (true) {
      String line = lines.readLine();
      if (line == null) {
        throw new EOFException("the stream of events ended before its last event");
      }
      if (line.isEmpty()) {
        sink.waiting();
      } else if (isLast(GenerateEvents.read(line))) {
        return;
      }
    }
  }

  private boolean isLast(GenerateEvent event) {
    begun = true;
    switch (event) {
      case GenerateEvent.Started(int promptTokens) -> sink.started(promptTokens);
      case GenerateEvent.Delta(int index, String text, var logprobs) ->
          sink.delta(index, text, logprobs.stream().map(GenerationRecords::domain).toList());
      case GenerateEvent.Finished(int index, String reason) -> sink.finished(index, reason(reason));
      case GenerateEvent.Usage(int prompt, int completion, int cached) -> {
        sink.usage(new Usage(prompt, completion, cached));
        return true;
      }
      case GenerateEvent.Failed failed ->
          throw new ApiException(
              GenerationRecords.errorCode(failed), failed.message(), failed.param());
    }
    return false;
  }

  private static FinishReason reason(String text) {
    return switch (text) {
      case "stop" -> FinishReason.STOP;
      case "length" -> FinishReason.LENGTH;
      default -> throw new IllegalArgumentException("unknown finish reason '" + text + "'");
    };
  }
}
