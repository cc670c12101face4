package dev.luthier.text.rows;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Checks calls of functions: their form, and against what the row offers. Of the older
/// `function_call`, which OpenAI's validator does not look into, everything is a warning.
final class CallCheck {
  private final Complaints complaints;
  private final String words;
  private final Map<String, JsonNode> functions;

  /// @param words the message, as it follows "Example 3"
  CallCheck(Complaints complaints, String words, Map<String, JsonNode> functions) {
    this.complaints = complaints;
    this.words = words;
    this.functions = functions;
  }

  void toolCalls(JsonNode calls, Place place) {
    if (!calls.isArray() || calls.isEmpty()) {
      complaints.error(
          FindingCode.BAD_TOOL_CALLS,
          place,
          words + " tool_calls: value is not a list of at least one call");
      return;
    }
    for (int c = 0; c < calls.size(); c++) {
      JsonNode call = calls.get(c);
      Place where = place.element(c);
      String which = words + " tool call " + (c + 1);
      if (!call.path("id").isString()) {
        String why = call.has("id") ? "str type expected" : "field required";
        complaints.error(FindingCode.BAD_CALL, where, which + " id: " + why);
      }
      if (!call.path("type").asString("").equals("function")) {
        complaints.error(
            FindingCode.BAD_CALL, where, which + " type: unexpected value; permitted: 'function'");
      }
      JsonNode function = call.path("function");
      Place inside = call.has("function") ? where.member("function") : where;
      call(function, inside, which + " function", Severity.ERROR, FindingCode.BAD_CALL);
    }
  }

  void functionCall(JsonNode call, Place place) {
    String which = words + " function_call";
    call(call, place, which, Severity.WARNING, FindingCode.BAD_FUNCTION_CALL);
  }

  private void call(JsonNode call, Place place, String which, Severity severity, FindingCode code) {
    if (!call.isObject()) {
      say(severity, code, place, which + ": value is not a valid dict");
      return;
    }
    if (!call.path("name").isString()) {
      String why = call.has("name") ? "str type expected" : "field required";
      say(severity, code, place, which + " name: " + why);
    } else if (!functions.containsKey(call.path("name").asString())) {
      String name = call.path("name").asString();
      complaints.warn(
          FindingCode.UNKNOWN_TOOL,
          place.member("name"),
          which + " name: '" + name + "' is not among the functions that the row offers",
          "name",
          name);
    }
    arguments(call, place, which, severity);
  }

  private void arguments(JsonNode call, Place place, String which, Severity severity) {
    JsonNode arguments = call.path("arguments");
    Place where = call.has("arguments") ? place.member("arguments") : place;
    if (!arguments.isString()) {
      say(
          severity,
          FindingCode.ARGUMENTS_NOT_TEXT,
          where,
          which + " arguments: a string that holds JSON is expected");
      return;
    }
    if (arguments.asString().isEmpty()) {
      return; // OpenAI writes "" for a function without any.
    }
    try {
      JsonNode value = PythonJson.parse(arguments.asString());
      JsonNode schema = functions.get(call.path("name").asString(""));
      (value.isObject() && schema != null
              ? SchemaCheck.fault(value, schema)
              : SchemaCheck.object(value))
          .ifPresent(fault ->
              complaints.warn(
                  FindingCode.ARGUMENTS_BREAK_SCHEMA, where, which + " arguments: " + fault));
    } catch (PythonJsonException e) {
      String why = which + " arguments: invalid json: " + e.words();
      say(severity, FindingCode.ARGUMENTS_NOT_JSON, where, why);
    }
  }

  private void say(Severity severity, FindingCode code, Place place, String clause) {
    if (severity == Severity.ERROR) {
      complaints.error(code, place, clause);
    } else {
      complaints.warn(code, place, clause);
    }
  }
}
