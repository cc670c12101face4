package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.errors.ErrorCode;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads `tools` (and the older `functions`) for the prompt.
///
/// Tools are shown to the model, and calls are taken out of what it writes. It writes what it
/// likes: to force a call, the sampler would have to hold to the form of one.
final class ToolReader {

  private static final int TOOLS_MAX = 128;

  private ToolReader() {}

  /// The offer; without tools when there are none or the caller wants none used.
  static ToolOffer read(Fields body) {
    var choice = body.optional("tool_choice").or(() -> body.optional("function_call"));
    boolean none = choice.isPresent() && isNone(choice.get());
    var tools = tools(body);
    boolean older = elements(body, "tools").isEmpty();
    boolean one = older || !body.optional("parallel_tool_calls").map(Value::bool).orElse(true);
    return new ToolOffer(
        none ? Optional.empty() : tools, one ? 1 : MessageReader.TOOL_CALLS_MAX, older);
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

  private static boolean isNone(Value choice) {
    if (choice.isString() && List.of("none", "auto").contains(choice.string())) {
      return choice.string().equals("none");
    }
    throw choice.refusal(
        ErrorCode.UNSUPPORTED_VALUE,
        "Unsupported value: '%s' cannot force a call: this server takes calls out of what the model"
            + " writes, but cannot make it write one. Supported values are: 'none' and 'auto'.");
  }
}
