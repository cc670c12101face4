package dev.luthier.text.rows;

import static dev.luthier.text.rows.ConversationCheck.given;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Checks the form of one preference row: `input` with messages that wait for an answer, and two
/// answers.
final class PreferenceCheck {
  static final String PREFERRED = "preferred_output";
  static final String OTHER = "non_preferred_output";
  static final Set<String> KEYS = Set.of("input", PREFERRED, OTHER);
  static final Set<String> INPUT_KEYS =
      Set.of("messages", "tools", "parallel_tool_calls", "functions");

  private final Complaints complaints;
  private final ConversationCheck conversation;

  PreferenceCheck(Complaints complaints) {
    this.complaints = complaints;
    this.conversation = new ConversationCheck(complaints, Part.INPUT);
  }

  /// The row, if nothing is wrong with it.
  Optional<Row> check(JsonNode row) {
    complaints.extraKeys(row, Part.ROW, KEYS);
    if (row.has("input")) {
      checkInput(row.path("input"));
    } else {
      missing("input", Part.ROW);
    }
    for (String output : List.of(PREFERRED, OTHER)) {
      if (row.has(output)) {
        checkOutput(output, row.path(output));
      } else {
        missing(output, Part.ROW);
      }
    }
    if (complaints.any()) {
      return Optional.empty();
    }
    new OrderCheck(complaints, row.path("input").path("messages"), Part.INPUT, false).check();
    return Optional.of(row(row));
  }

  private PreferenceRow row(JsonNode row) {
    JsonNode messages = row.path("input").path("messages");
    JsonNode preferred = row.path(PREFERRED).get(0);
    JsonNode other = row.path(OTHER).get(0);
    messages.forEach(ConversationCheck::leaveOutUnusable);
    ConversationCheck.leaveOutUnusable(preferred);
    ConversationCheck.leaveOutUnusable(other);
    if (isEmpty(preferred)) {
      complaints.warn(
          FindingCode.EMPTY_ANSWER,
          Place.ROOT.member(PREFERRED).element(0),
          ", preferred_output content: is empty, and the empty answer is preferred");
    }
    if (same(preferred, other)) {
      complaints.warn(
          FindingCode.SAME_OUTPUTS,
          Place.ROOT.member(OTHER),
          " prefers an answer to itself: nothing is learnt of it");
    }
    return new PreferenceRow(complaints.line(), messages, conversation.tools(), preferred, other);
  }

  private void checkInput(JsonNode input) {
    if (!input.isObject()) {
      complaints.error(
          FindingCode.BAD_INPUT, Part.INPUT.place(), ", input value is not a valid dict");
      return;
    }
    complaints.extraKeys(input, Part.INPUT, INPUT_KEYS);
    if (!input.has("messages")) {
      missing("messages", Part.INPUT);
    } else if (conversation.check(input)) {
      conversation.waits(input.path("messages"));
    }
  }

  private void checkOutput(String name, JsonNode output) {
    Place place = Place.ROOT.member(name);
    if (!output.isArray() || output.size() != 1) {
      complaints.error(
          FindingCode.BAD_OUTPUT,
          place,
          ", %s must be a list of exactly one message%s"
              .formatted(name, output.isArray() ? ", but has " + output.size() : ""),
          "key",
          name);
      return;
    }
    JsonNode message = output.get(0);
    conversation.check(message, place.element(0), ", " + name);
    if (message.has("role") && !ConversationCheck.fromAssistant(message)) {
      complaints.error(
          FindingCode.BAD_OUTPUT,
          place.element(0),
          ", " + name + " must be a message from the assistant",
          "key",
          name);
    }
  }

  private void missing(String key, Part part) {
    complaints.error(
        FindingCode.MISSING_PREFERENCE_KEY,
        part.place(),
        part.words() + " is missing key '" + key + "'.",
        "key",
        key);
  }

  /// Whether a message says and calls nothing.
  static boolean isEmpty(JsonNode message) {
    return !given(message, "tool_calls")
        && !given(message, "function_call")
        && OrderCheck.isBlank(message.path("content"));
  }

  /// Whether two messages say and call the same.
  static boolean same(JsonNode one, JsonNode two) {
    return List.of("content", "tool_calls", "function_call").stream()
        .allMatch(key -> one.path(key).equals(two.path(key)));
  }
}
