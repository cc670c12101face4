package dev.luthier.text.rows;

import static dev.luthier.text.rows.ConversationCheck.fromAssistant;

import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Checks the form of one supervised chat row.
///
/// Nothing is an error that the validator of OpenAI's cookbook passes, but for a last message that
/// is not the assistant's. What it does not look at (other keys, tools, weights) gets a warning,
/// and is left out of the row where it could not be used.
final class RowCheck {
  static final Set<String> KEYS = Set.of("messages", "tools", "parallel_tool_calls", "functions");

  private final Complaints complaints;
  private final ConversationCheck conversation;

  RowCheck(Complaints complaints) {
    this.complaints = complaints;
    this.conversation = new ConversationCheck(complaints, Part.ROW);
  }

  /// The row, if nothing is wrong with it.
  Optional<Row> check(JsonNode row) {
    complaints.extraKeys(row, Part.ROW, KEYS);
    if (conversation.check(row)) {
      checkMessages(row.path("messages"));
    }
    return complaints.any() ? Optional.empty() : Optional.of(chatRow(row));
  }

  private void checkMessages(JsonNode messages) {
    Place last = Part.ROW.message(messages.size() - 1);
    if (messages.valueStream().noneMatch(ConversationCheck::fromAssistant)) {
      complaints.error(
          FindingCode.NO_ANSWER, last, " must have at least one message from the assistant");
    } else if (!fromAssistant(messages.get(messages.size() - 1))) {
      complaints.error(
          FindingCode.LAST_NOT_ASSISTANT, last, " last message is not from the assistant");
    }
    if (!complaints.any()) {
      new OrderCheck(complaints, messages, Part.ROW, true).check();
    }
  }

  private ChatRow chatRow(JsonNode row) {
    row.path("messages").forEach(ConversationCheck::leaveOutUnusable);
    return new ChatRow(complaints.line(), row.path("messages"), conversation.tools());
  }
}
