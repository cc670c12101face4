package dev.luthier.http.request;

import dev.luthier.platform.errors.ApiException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A JSON object of a request, field by field.
///
/// A field that is null counts as one that is not there, except where one is required: there null
/// is a wrong type. Fields nobody asks for are tolerated, because newer clients send more.
public final class Fields {

  private final JsonNode object;
  private final String prefix;

  /// @param prefix of the names in refusals: empty, or the object's own name and a dot
  Fields(JsonNode object, String prefix) {
    this.object = object;
    this.prefix = prefix;
  }

  /// The value of a field, empty when missing or null.
  public Optional<Value> optional(String name) {
    return object
        .optional(name)
        .filter(value -> !value.isNull())
        .map(value -> new Value(prefix + name, value));
  }

  /// The value of a field that must be there; it may still be null, which no type accepts.
  public Value required(String name) {
    return object
        .optional(name)
        .map(value -> new Value(prefix + name, value))
        .orElseThrow(() -> ApiException.missing(prefix + name));
  }

  public boolean has(String name) {
    return object.hasNonNull(name);
  }

  /// The object itself.
  public JsonNode json() {
    return object;
  }
}
