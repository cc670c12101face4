package dev.luthier.http.api;

import dev.luthier.platform.chat.RequiredForm;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The tools that a request offers to the model, and how it wants their calls.
///
/// @param tools in the form of chat completions; empty: none are shown, and no calls are looked for
/// @param callable those that may be called
/// @param forced whether the answer must be calls
/// @param callsMax of one answer
/// @param asFunctionCall whether a call goes into the older `function_call`
record ToolOffer(
    Optional<JsonNode> tools,
    List<RequiredForm.Function> callable,
    boolean forced,
    int callsMax,
    boolean asFunctionCall) {
  ToolOffer {
    callable = List.copyOf(callable);
  }

  /// Whether a call of some function must keep to its schema.
  boolean isStrict() {
    return callable.stream().anyMatch(RequiredForm.Function::strict);
  }
}
