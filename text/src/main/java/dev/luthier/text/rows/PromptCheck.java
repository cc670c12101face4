package dev.luthier.text.rows;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Checks the form of one reinforcement row: messages that wait for an answer. Other keys are the
/// grader's.
final class PromptCheck {
  private final Complaints complaints;
  private final RowKind.Prompts prompts;
  private final ConversationCheck conversation;

  PromptCheck(Complaints complaints, RowKind.Prompts prompts) {
    this.complaints = complaints;
    this.prompts = prompts;
    this.conversation = new ConversationCheck(complaints, Part.ROW);
  }

  /// The row, if nothing is wrong with it.
  Optional<Row> check(JsonNode row) {
    if (conversation.check(row)) {
      JsonNode messages = row.path("messages");
      conversation.waits(messages);
      if (!complaints.any()) {
        new OrderCheck(complaints, messages, Part.ROW, false).check();
      }
    }
    for (String field : prompts.lacking().apply(row)) {
      complaints.error(
          FindingCode.MISSING_FIELD,
          Place.ROOT,
          " has nothing where the grader reads " + field,
          "field",
          field);
    }
    if (complaints.any()) {
      return Optional.empty();
    }
    row.path("messages").forEach(ConversationCheck::leaveOutUnusable);
    return Optional.of(new PromptRow(complaints.line(), row, conversation.tools()));
  }
}
