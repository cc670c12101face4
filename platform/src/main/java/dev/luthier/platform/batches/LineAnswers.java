package dev.luthier.platform.batches;

import tools.jackson.databind.JsonNode;

/// Port: asks what a line asks. Safe for many threads.
public interface LineAnswers {
  /// Blocks until there is an answer, be it a refusal. An interrupt ends the wait and cancels what
  /// was asked.
  ///
  /// @param endpoint such as `/v1/chat/completions`
  Answer ask(String endpoint, JsonNode body) throws InterruptedException;

  /// An answer.
  ///
  /// @param requestId as the endpoint gave it
  record Answer(int status, String requestId, JsonNode body) {}
}
