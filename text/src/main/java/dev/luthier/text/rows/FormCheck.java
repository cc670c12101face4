package dev.luthier.text.rows;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Checks the form of one row, of whatever kind it is to be; a file for another method is named by
/// its format.
record FormCheck(RowRules rules, Complaints complaints) {
  /// The row, if nothing is wrong with it.
  Optional<Row> check(JsonNode row) {
    if (!row.isObject()) {
      complaints.aboutFile(
          row.isArray() ? FindingCode.JSON_ARRAY : FindingCode.NOT_AN_OBJECT,
          "Unexpected file format, expected either prompt/completion pairs or chat messages.");
      return Optional.empty();
    }
    return switch (rules.kind()) {
      case RowKind.Chats _ ->
          hasMessages(row) ? new RowCheck(complaints).check(row) : Optional.empty();
      case RowKind.Prompts prompts ->
          hasMessages(row) ? new PromptCheck(complaints, prompts).check(row) : Optional.empty();
      case RowKind.Preferences _ ->
          hasAnswers(row) ? new PreferenceCheck(complaints).check(row) : Optional.empty();
    };
  }

  private boolean hasMessages(JsonNode row) {
    if (row.has("messages")) {
      return true;
    }
    if (row.has(PreferenceCheck.PREFERRED) || row.has(PreferenceCheck.OTHER)) {
      otherMethod(FindingCode.PREFERENCE_ROWS, "fine-tune-preference", "dpo");
    } else if (row.has("prompt") && row.has("completion")) {
      completions();
    } else {
      complaints.error(FindingCode.MISSING_MESSAGES, Place.ROOT, " is missing key 'messages'.");
    }
    return false;
  }

  private boolean hasAnswers(JsonNode row) {
    if (row.has("input") || row.has(PreferenceCheck.PREFERRED)) {
      return true;
    }
    if (row.has("messages")) {
      otherMethod(FindingCode.CHAT_ROWS, "fine-tune-chat", "supervised");
      return false;
    }
    if (row.has("prompt") && row.has("completion")) {
      completions();
      return false;
    }
    return true;
  }

  private void completions() {
    complaints.aboutFile(
        FindingCode.COMPLETION_ROWS,
        "Invalid file format. Input file "
            + rules.fileId()
            + " is in the prompt-completion format, but the specified model is a chat model and"
            + " requires chat-formatted data.");
  }

  private void otherMethod(FindingCode code, String format, String method) {
    complaints.aboutFile(
        code,
        "Invalid file format. Input file %s is in the %s format, but the specified fine-tuning job is not using '%s' as the training method (provided method=%s)."
            .formatted(rules.fileId(), format, method, rules.kind().method()));
  }
}
