package dev.luthier.platform.chat;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a model is to go on from.
public sealed interface Prompt {
  /// OpenAI's array of messages, and its array of tools; rendered by the model's template.
  record Messages(JsonNode messages, Optional<JsonNode> tools) implements Prompt {}

  /// Plain text, as legacy completions take it.
  record Text(String text) implements Prompt {}

  /// Token ids of the model's own tokenizer.
  record Tokens(List<Integer> tokens) implements Prompt {
    public Tokens {
      tokens = List.copyOf(tokens);
    }
  }
}
