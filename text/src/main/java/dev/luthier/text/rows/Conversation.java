package dev.luthier.text.rows;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a model reads in one piece.
public sealed interface Conversation extends Row permits ChatRow, PromptRow {
  /// OpenAI's `messages` array.
  JsonNode messages();

  /// OpenAI's `tools` array, as far as it can be offered.
  Optional<JsonNode> tools();

  @Override
  default List<Conversation> conversations() {
    return List.of(this);
  }
}
