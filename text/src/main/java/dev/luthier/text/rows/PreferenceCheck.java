package dev.luthier.text.rows;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import tools.jackson.databind.JsonNode;

/// Checks the form of one preference row: `input` with messages that wait for an answer, and two
/// answers. Says all that is wrong, as it follows "Example 3".
final class PreferenceCheck {
  private static final List<String> OUTPUTS = List.of("preferred_output", "non_preferred_output");
  private static final Set<String> KEYS =
      Set.of("input", "preferred_output", "non_preferred_output");
  private static final Set<String> INPUT_KEYS = Set.of("messages", "tools", "parallel_tool_calls");
  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool");

  private final BiConsumer<PreferenceFault, String> complain;
  private boolean any;

  PreferenceCheck(BiConsumer<PreferenceFault, String> complain) {
    this.complain = complain;
  }

  /// The row, if nothing is wrong with it.
  Optional<PreferenceRow> check(int line, JsonNode row) {
    if (!row.isObject()) {
      wrong(PreferenceFault.NOT_AN_OBJECT, " value is not a valid dict");
      return Optional.empty();
    }
    checkKeys(row, "", KEYS);
    if (!row.has("input")) {
      missing("input");
    } else {
      checkInput(row.path("input"));
    }
    for (String output : OUTPUTS) {
      if (row.has(output)) {
        checkOutput(output, row.path(output));
      } else {
        missing(output);
      }
    }
    return any ? Optional.empty() : Optional.of(row(line, row));
  }

  private static PreferenceRow row(int line, JsonNode row) {
    JsonNode input = row.path("input");
    JsonNode tools = input.path("tools");
    return new PreferenceRow(
        line,
        input.path("messages"),
        tools.isArray() && !tools.isEmpty() ? Optional.of(tools) : Optional.empty(),
        row.path("preferred_output").get(0),
        row.path("non_preferred_output").get(0));
  }

  private void checkInput(JsonNode input) {
    if (!input.isObject()) {
      wrong(PreferenceFault.BAD_INPUT, ", input value is not a valid dict");
      return;
    }
    checkKeys(input, ", input", INPUT_KEYS);
    JsonNode tools = input.path("tools");
    if (RowCheck.given(input, "tools") && !tools.isArray()) {
      wrong(PreferenceFault.BAD_INPUT, ", input tools value is not a valid list");
    }
    JsonNode parallel = input.path("parallel_tool_calls");
    if (RowCheck.given(input, "parallel_tool_calls") && !parallel.isBoolean()) {
      wrong(
          PreferenceFault.BAD_INPUT,
          ", input parallel_tool_calls value could not be parsed to a boolean");
    }
    if (!input.has("messages")) {
      missing("messages");
      return;
    }
    JsonNode messages = input.path("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      wrong(
          PreferenceFault.BAD_INPUT,
          ", input messages value is not a list of at least one message");
      return;
    }
    for (int m = 0; m < messages.size(); m++) {
      checkMessage(messages.get(m), ", input message " + (m + 1));
    }
    if (isAssistants(messages.get(messages.size() - 1))) {
      wrong(
          PreferenceFault.INPUT_ENDS_WITH_ANSWER,
          ", input last message is from the assistant, but the outputs are to answer it");
    }
  }

  private void checkOutput(String name, JsonNode output) {
    if (!output.isArray() || output.size() != 1) {
      wrong(
          PreferenceFault.BAD_OUTPUT,
          ", %s must be a list of exactly one message%s"
              .formatted(name, output.isArray() ? ", but has " + output.size() : ""));
      return;
    }
    JsonNode message = output.get(0);
    checkMessage(message, ", " + name);
    if (message.isObject() && !isAssistants(message)) {
      wrong(PreferenceFault.BAD_OUTPUT, ", " + name + " must be a message from the assistant");
    } else if (message.isObject() && !isText(message.path("content"))) {
      wrong(PreferenceFault.BAD_OUTPUT, ", " + name + " content: text expected");
    }
  }

  private void checkMessage(JsonNode message, String place) {
    if (!message.isObject()) {
      wrong(PreferenceFault.BAD_PREFERENCE_MESSAGE, place + " value is not a valid dict");
    } else if (!message.has("role")) {
      wrong(
          PreferenceFault.BAD_PREFERENCE_MESSAGE,
          place + " Discriminator 'role' is missing in value");
    } else if (!ROLES.contains(message.path("role").asString(""))) {
      wrong(
          PreferenceFault.BAD_PREFERENCE_MESSAGE,
          "%s role: unexpected value; permitted: %s; given: %s"
              .formatted(
                  place,
                  String.join(", ", ROLES.stream().sorted().toList()),
                  message.path("role")));
    } else if (!isText(message.path("content")) && !calls(message)) {
      wrong(PreferenceFault.BAD_PREFERENCE_MESSAGE, place + " content: text expected");
    }
  }

  private static boolean isAssistants(JsonNode message) {
    return message.path("role").asString("").equals("assistant");
  }

  private static boolean calls(JsonNode message) {
    return isAssistants(message) && message.path("tool_calls").isArray();
  }

  private static boolean isText(JsonNode content) {
    return content.isString()
        || (content.isArray()
            && !content.isEmpty()
            && content.valueStream().allMatch(part -> part.path("text").isString()));
  }

  private void checkKeys(JsonNode object, String place, Set<String> known) {
    for (String key : object.propertyNames()) {
      if (!known.contains(key)) {
        wrong(PreferenceFault.EXTRA_ROW_KEY, place + " contains an extra \"" + key + "\".");
      }
    }
  }

  private void missing(String key) {
    wrong(PreferenceFault.MISSING_PREFERENCE_KEY, " is missing key '" + key + "'.");
  }

  private void wrong(PreferenceFault fault, String clause) {
    any = true;
    complain.accept(fault, clause);
  }
}
