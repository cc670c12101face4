package dev.luthier.platform.chat;

import dev.luthier.text.grammar.AnswerForm;
import dev.luthier.text.grammar.AnswerForms;
import dev.luthier.text.grammar.SchemaException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a whole answer must be: JSON, calls of tools, or whichever of the two the model likes.
/// Calls may have text beside them, or be left out for it.
public record RequiredForm(Optional<Json> json, Optional<Calls> calls) {
  /// JSON.
  ///
  /// @param schema what it must satisfy; empty: any object
  /// @param strict whether a keyword that cannot be kept to is refused; otherwise it is left out
  public record Json(Optional<JsonNode> schema, boolean strict) {}

  /// Calls of tools.
  ///
  /// @param functions those that may be called, at least one
  /// @param callsMax at least 1
  /// @param text whether text may stand beside the calls or instead of them
  public record Calls(List<Function> functions, int callsMax, boolean text) {
    public Calls {
      functions = List.copyOf(functions);
    }
  }

  /// A tool that may be called.
  ///
  /// @param parameters a schema of its arguments
  public record Function(String name, JsonNode parameters, boolean strict) {}

  public static RequiredForm of(Json json) {
    return new RequiredForm(Optional.of(json), Optional.empty());
  }

  public static RequiredForm of(Calls calls) {
    return new RequiredForm(Optional.empty(), Optional.of(calls));
  }

  /// Why answers cannot be held to this; empty if they can.
  public Optional<String> impediment() {
    try {
      AnswerForms.check(
          new AnswerForm(
              json.map(wanted -> new AnswerForm.Json(wanted.schema(), wanted.strict())),
              calls.map(wanted ->
                  new AnswerForm.Calls(
                      wanted.functions().stream()
                          .map(each ->
                              new AnswerForm.Function(
                                  each.name(), each.parameters(), each.strict()))
                          .toList(),
                      wanted.callsMax(),
                      wanted.text()))));
      return Optional.empty();
    } catch (SchemaException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }
}
