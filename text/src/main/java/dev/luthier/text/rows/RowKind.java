package dev.luthier.text.rows;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// What the rows of a file are for, and what follows from it for the whole file.
public sealed interface RowKind {
  /// Conversations whose answers are learnt: `supervised`.
  record Chats() implements RowKind {}

  /// Conversations with two answers, one of them preferred: `dpo`.
  record Preferences() implements RowKind {}

  /// Conversations that the model is to answer, and what a grader reads: `reinforcement`.
  ///
  /// @param lacking what the grader reads of a row and does not find there
  record Prompts(Function<JsonNode, List<String>> lacking) implements RowKind {
    /// A grader gets the row whole.
    static final int LINE_BYTES_MAX = 256 << 10;

    private static final int TRAINING_MAX = 50_000;
    private static final int VALIDATION_MAX = 1_000;
  }

  static RowKind chats() {
    return new Chats();
  }

  static RowKind preferences() {
    return new Preferences();
  }

  /// Of no particular grader.
  static RowKind prompts() {
    return new Prompts(_ -> List.of());
  }

  /// The method that trains on them, as OpenAI names it.
  default String method() {
    return switch (this) {
      case Chats _ -> "supervised";
      case Preferences _ -> "dpo";
      case Prompts _ -> "reinforcement";
    };
  }

  /// The key that a row begins with as a rule.
  default String firstKey() {
    return this instanceof Preferences ? "input" : "messages";
  }

  /// The fewest rows that a file may have.
  default int least(Which which) {
    return switch (which) {
      case TRAINING -> RowReport.TRAINING_EXAMPLES_MIN;
      case VALIDATION -> this instanceof Prompts ? 1 : 0;
    };
  }

  /// The most; empty where there is no limit.
  default OptionalInt most(Which which) {
    if (!(this instanceof Prompts)) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(which == Which.TRAINING ? Prompts.TRAINING_MAX : Prompts.VALIDATION_MAX);
  }
}
