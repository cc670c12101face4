package dev.luthier.platform.graders;

import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Usage;
import tools.jackson.databind.JsonNode;

/// Port: asks a model for a judgement. Safe for many threads; blocks until it is there. A model
/// that cannot be asked is an `ApiException`.
@FunctionalInterface
public interface Judge {
  Answer ask(Question question);

  /// What is asked.
  ///
  /// @param model its name or alias
  /// @param messages a chat completion's, as an array
  /// @param schema of the JSON that the answer must be
  /// @param tokensMax of the answer
  record Question(
      String model,
      JsonNode messages,
      JsonNode schema,
      Grader.JudgeSampling sampling,
      int tokensMax) {}

  /// What a model said.
  ///
  /// @param model its own name
  record Answer(String model, String text, FinishReason reason, Usage usage) {}
}
