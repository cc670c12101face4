package dev.luthier.text.rows;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Looks at who speaks when, and at what is said empty. All of it can be trained on, and most of it
/// is a slip: so it warns.
final class OrderCheck {
  private final Complaints complaints;
  private final JsonNode messages;
  private final Part part;
  private final boolean learnt;
  private final Set<String> calls = new HashSet<>();
  private final Set<String> open = new HashSet<>();

  /// @param messages whose form is good
  /// @param part where they stand
  /// @param learnt whether the assistant's are, but for those of weight 0
  OrderCheck(Complaints complaints, JsonNode messages, Part part, boolean learnt) {
    this.complaints = complaints;
    this.messages = messages;
    this.part = part;
    this.learnt = learnt;
  }

  void check() {
    boolean asked = false;
    boolean answered = false;
    String before = "";
    for (int m = 0; m < messages.size(); m++) {
      JsonNode message = messages.get(m);
      String role = role(message);
      asked |= role.equals("user");
      empty(message, role, m);
      if (role.equals("assistant") && !asked && !answered) {
        warn(FindingCode.NO_QUESTION, m, " is the assistant's, but nobody has said anything yet");
      }
      if (role.equals("system") && m > 0) {
        warn(FindingCode.SYSTEM_NOT_FIRST, m, " is a system prompt, but is not the first message");
      }
      if (role.equals(before) && (role.equals("user") || (plainAnswer(m) && plainAnswer(m - 1)))) {
        complaints.warn(
            FindingCode.SAME_ROLE_TWICE,
            part.message(m),
            part.messageWords(m) + " is the " + role + "'s, and so is the one before it",
            "role",
            role);
      }
      calls(message, role, m);
      answered |= role.equals("assistant");
      before = role;
    }
  }

  private static String role(JsonNode message) {
    String role = message.path("role").asString("");
    return role.equals("developer") ? "system" : role;
  }

  private boolean plainAnswer(int m) {
    JsonNode message = messages.get(m);
    return role(message).equals("assistant")
        && !ConversationCheck.given(message, "tool_calls")
        && !ConversationCheck.given(message, "function_call");
  }

  private void empty(JsonNode message, String role, int m) {
    if ((role.equals("assistant") && !plainAnswer(m))
        || role.equals("tool")
        || role.equals("function")
        || !isBlank(message.path("content"))) {
      return;
    }
    if (!role.equals("assistant")) {
      warn(FindingCode.EMPTY_MESSAGE, m, " content: is empty");
    } else if (learnt && ChatRow.isTrained(message)) {
      warn(FindingCode.EMPTY_ANSWER, m, " content: is empty, and the empty answer is trained");
    }
  }

  static boolean isBlank(JsonNode content) {
    return content.isArray()
        ? content.valueStream().allMatch(part -> part.path("text").asString("").isBlank())
        : content.asString("").isBlank();
  }

  private void calls(JsonNode message, String role, int m) {
    if (role.equals("tool")) {
      String id = message.path("tool_call_id").asString("");
      if (!calls.contains(id)) {
        String clause = " tool_call_id: '" + id + "' is the id of no call before it";
        complaints.warn(
            FindingCode.ANSWER_WITHOUT_CALL,
            part.message(m),
            part.messageWords(m) + clause,
            "id",
            id);
      }
      open.remove(id);
      return;
    }
    if (!role.equals("function")) {
      Optional<String> waiting = open.stream().sorted().findFirst();
      waiting.ifPresent(id ->
          complaints.warn(
              FindingCode.CALL_UNANSWERED,
              part.message(m),
              part.messageWords(m) + " comes before the answer to the call '" + id + "'",
              "id",
              id));
      open.clear();
    }
    for (JsonNode call : message.path("tool_calls")) {
      calls.add(call.path("id").asString(""));
      open.add(call.path("id").asString(""));
    }
  }

  private void warn(FindingCode code, int m, String what) {
    complaints.warn(code, part.message(m), part.messageWords(m) + what);
  }
}
