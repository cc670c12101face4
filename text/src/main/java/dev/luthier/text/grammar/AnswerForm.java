package dev.luthier.text.grammar;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A form that a whole answer must have: JSON, calls of tools, or whichever of the two the model
/// likes. Calls may have text beside them, or be left out for it.
public record AnswerForm(Optional<Json> json, Optional<Calls> calls) {
  public AnswerForm {
    if (json.isEmpty() && calls.isEmpty()) {
      throw new IllegalArgumentException("an answer's form needs JSON or calls");
    }
  }

  /// JSON.
  ///
  /// @param schema what it must satisfy; empty: any object, up to 32 levels deep
  /// @param strict whether a keyword that cannot be kept to is refused; otherwise it is left out
  public record Json(Optional<JsonNode> schema, boolean strict) {}

  /// Calls of tools.
  ///
  /// @param functions those that may be called, at least one
  /// @param callsMax at least 1; where text is allowed any number, as what is said is not counted
  /// @param text whether text may stand before, between and behind the calls, or there are none
  public record Calls(List<Function> functions, int callsMax, boolean text) {
    public Calls {
      functions = List.copyOf(functions);
      if (functions.isEmpty() || callsMax < 1) {
        throw new IllegalArgumentException("at least one call of one function is needed");
      }
    }
  }

  /// A tool that may be called.
  ///
  /// @param parameters a schema of its arguments
  /// @param strict as [Json#strict]
  public record Function(String name, JsonNode parameters, boolean strict) {}

  public static AnswerForm of(Json json) {
    return new AnswerForm(Optional.of(json), Optional.empty());
  }

  public static AnswerForm of(Calls calls) {
    return new AnswerForm(Optional.empty(), Optional.of(calls));
  }
}
