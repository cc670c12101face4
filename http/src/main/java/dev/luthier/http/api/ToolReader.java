package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.chat.RequiredForm;
import dev.luthier.platform.errors.ErrorCode;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads `tools` (and the older `functions`) for the prompt.
///
/// Tools are shown to the model, and calls are taken out of what it writes. It writes what it
/// likes, unless the request forces a call.
final class ToolReader {

  private static final int TOOLS_MAX = 128;
  private static final String FUNCTION = "function";
  private static final String ALLOWED = "allowed_tools";

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
    var wanted = choice.map(ToolReader::wanted).orElse(new Wanted(Mode.AUTO, Set.of(), false));
    boolean none = wanted.mode() == Mode.NONE;
    var tools = tools(body);
    var functions = functions(tools);
    boolean forced = wanted.mode() == Mode.REQUIRED;
    if (forced || !wanted.names().isEmpty()) {
      functions = named(functions, wanted.names(), choice.orElseThrow());
    }
    if (!forced && !wanted.names().isEmpty()) {
      tools =
          Optional.of(
              shown(tools.orElseThrow(), wanted.names())); // What is not shown is not called.
    }
    boolean older = elements(body, "tools").isEmpty();
    boolean one =
        older
            || wanted.one()
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

  /// @param names of the functions that may be called; empty: any
  /// @param one whether one function is named, to be called once
  private record Wanted(Mode mode, Set<String> names, boolean one) {}

  private static Wanted wanted(Value choice) {
    if (choice.isString()) {
      return new Wanted(
          switch (choice.oneOf(List.of("none", "auto", "required"))) {
            case "none" -> Mode.NONE;
            case "auto" -> Mode.AUTO;
            default -> Mode.REQUIRED;
          },
          Set.of(),
          false);
    }
    var fields = choice.object();
    var type = fields.optional("type").map(Value::string).orElse(FUNCTION);
    return switch (type) {
      case FUNCTION -> new Wanted(Mode.REQUIRED, Set.of(name(fields)), true);
      case ALLOWED -> allowed(fields.optional(ALLOWED).map(Value::object).orElse(fields));
      default ->
          throw fields
              .required("type")
              .refusal(
                  ErrorCode.UNSUPPORTED_VALUE,
                  "Unsupported value: '%s' is '"
                      + Value.shortened(type)
                      + "'. Supported are 'none', 'auto', 'required', a named function and"
                      + " 'allowed_tools'.");
    };
  }

  /// The name stands by itself in `function_call` and in the responses API.
  private static String name(Fields fields) {
    var named = fields.optional(FUNCTION).map(Value::object).orElse(fields);
    return named.required("name").string();
  }

  /// Some of the tools, in the object of that name or, in the responses API, beside the type.
  private static Wanted allowed(Fields fields) {
    boolean forced = fields.required("mode").oneOf(List.of("auto", "required")).equals("required");
    var names = new LinkedHashSet<String>();
    for (var tool : fields.required("tools").filledArray(TOOLS_MAX)) {
      checkType(tool);
      names.add(name(tool.object()));
    }
    return new Wanted(forced ? Mode.REQUIRED : Mode.AUTO, names, false);
  }

  private static JsonNode shown(JsonNode tools, Set<String> names) {
    var shown = JsonNodeFactory.instance.arrayNode();
    tools.forEach(tool -> {
      if (names.contains(tool.at("/function/name").asString())) {
        shown.add(tool);
      }
    });
    return shown;
  }

  private static List<RequiredForm.Function> named(
      List<RequiredForm.Function> functions, Set<String> names, Value choice) {
    if (functions.isEmpty()) {
      throw choice.refusal(
          ErrorCode.INVALID_VALUE,
          "Invalid value for '%s': it is only allowed when 'tools' are specified.");
    }
    var known = functions.stream().map(RequiredForm.Function::name).toList();
    for (var name : names) {
      if (!known.contains(name)) {
        throw choice.refusal(
            ErrorCode.INVALID_VALUE,
            "Invalid value for '%s': no function named '"
                + Value.shortened(name)
                + "' was specified in 'tools'.");
      }
    }
    return functions.stream()
        .filter(function -> names.isEmpty() || names.contains(function.name()))
        .toList();
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
