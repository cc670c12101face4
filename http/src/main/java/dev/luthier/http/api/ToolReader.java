package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.chat.RequiredForm;
import dev.luthier.platform.errors.ErrorCode;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads `tools` (and the older `functions`) for the prompt.
///
/// Tools are shown to the model, and calls are taken out of what it writes. It writes what it
/// likes, unless the request forces a call.
final class ToolReader {

  private static final int TOOLS_MAX = 128;

  /// A function without parameters takes an empty object.
  private static final JsonNode NO_PARAMETERS =
      JsonNodeFactory.instance
          .objectNode()
          .put("type", "object")
          .put("additionalProperties", false);

  private ToolReader() {}

  /// The offer; without tools when there are none or the caller wants none used.
  static ToolOffer read(Fields body) {
    var choice = body.optional("tool_choice").or(() -> body.optional("function_call"));
    var wanted = choice.map(ToolReader::wanted).orElse(new Wanted(Mode.AUTO, Optional.empty()));
    boolean none = wanted.mode() == Mode.NONE;
    var tools = tools(body);
    var functions = functions(tools);
    boolean forced = wanted.mode() == Mode.REQUIRED;
    if (forced) {
      functions = named(functions, wanted.name(), choice.orElseThrow());
    }
    boolean older = elements(body, "tools").isEmpty();
    boolean one =
        older
            || wanted.name().isPresent()
            || !body.optional("parallel_tool_calls").map(Value::bool).orElse(true);
    return new ToolOffer(
        none ? Optional.empty() : tools,
        none ? List.of() : functions,
        forced,
        one ? 1 : MessageReader.TOOL_CALLS_MAX,
        older);
  }

  private enum Mode {
    NONE,
    AUTO,
    REQUIRED
  }

  /// @param name of the function that must be called; empty: any
  private record Wanted(Mode mode, Optional<String> name) {}

  private static Wanted wanted(Value choice) {
    if (choice.isString()) {
      return new Wanted(
          switch (choice.oneOf(List.of("none", "auto", "required"))) {
            case "none" -> Mode.NONE;
            case "auto" -> Mode.AUTO;
            default -> Mode.REQUIRED;
          },
          Optional.empty());
    }
    var fields = choice.object();
    fields
        .optional("type")
        .ifPresent(type -> {
          if (!type.string().equals("function")) {
            throw type.refusal(
                ErrorCode.UNSUPPORTED_VALUE,
                "Unsupported value: '%s' is '"
                    + Value.shortened(type.string())
                    + "'. Supported are 'none', 'auto', 'required' and a named function.");
          }
        });
    // The name stands by itself in `function_call` and in the responses API.
    var named = fields.optional("function").map(Value::object).orElse(fields);
    return new Wanted(Mode.REQUIRED, Optional.of(named.required("name").string()));
  }

  private static List<RequiredForm.Function> named(
      List<RequiredForm.Function> functions, Optional<String> name, Value choice) {
    if (functions.isEmpty()) {
      throw choice.refusal(
          ErrorCode.INVALID_VALUE,
          "Invalid value for '%s': it is only allowed when 'tools' are specified.");
    }
    var named =
        functions.stream()
            .filter(function -> name.isEmpty() || name.get().equals(function.name()))
            .toList();
    if (named.isEmpty()) {
      throw choice.refusal(
          ErrorCode.INVALID_VALUE,
          "Invalid value for '%s': no function named '"
              + Value.shortened(name.orElse(""))
              + "' was specified in 'tools'.");
    }
    return named;
  }

  private static List<RequiredForm.Function> functions(Optional<JsonNode> tools) {
    return tools.stream()
        .flatMap(JsonNode::valueStream)
        .map(tool -> tool.path("function"))
        .map(function ->
            new RequiredForm.Function(
                function.path("name").asString(),
                function.path("parameters").isObject()
                    ? function.path("parameters")
                    : NO_PARAMETERS,
                function.path("strict").isBoolean() && function.path("strict").asBoolean()))
        .toList();
  }

  private static Optional<JsonNode> tools(Fields body) {
    var array = JsonNodeFactory.instance.arrayNode();
    for (var tool : elements(body, "tools")) {
      checkType(tool);
      var function = tool.object().optional("function");
      // The responses API writes name and parameters beside the type.
      var named = function.isPresent() ? function.get() : tool;
      named.object().required("name").string();
      array.add(function.isPresent() ? tool.json() : wrapped(tool.json()));
    }
    for (var function : elements(body, "functions")) {
      function.object().required("name").string();
      array.add(wrapped(function.json()));
    }
    return array.isEmpty() ? Optional.empty() : Optional.of(array);
  }

  private static List<Value> elements(Fields body, String name) {
    return body.optional(name).map(some -> some.array(TOOLS_MAX)).orElse(List.of());
  }

  private static void checkType(Value tool) {
    var type = tool.object().required("type");
    if (!type.string().equals("function")) {
      throw type.refusal(
          ErrorCode.UNSUPPORTED_VALUE,
          "Unsupported value: '%s' is '"
              + Value.shortened(type.string())
              + "', but only tools of type 'function' are supported.");
    }
  }

  private static JsonNode wrapped(JsonNode function) {
    var inner = function.deepCopy().asObject();
    inner.remove("type");
    var tool = JsonNodeFactory.instance.objectNode();
    tool.put("type", "function");
    tool.set("function", inner);
    return tool;
  }
}
