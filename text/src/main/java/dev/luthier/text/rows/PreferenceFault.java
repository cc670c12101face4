package dev.luthier.text.rows;

import java.util.Locale;

/// What can be said about a file of preference rows: a name that does not change, and what to do
/// about it. Where a [FindingCode] has the same name, it means the same.
public enum PreferenceFault {
  INVALID_JSON(false, "Write each row as JSON, in UTF-8, on a line of its own."),
  NOT_AN_OBJECT(false, "Write {\"input\": ..., \"preferred_output\": ..., ...}."),
  CHAT_ROWS(false, "Choose the method supervised, or write rows of two answers."),
  EXTRA_ROW_KEY(true, "Take it out."),
  MISSING_PREFERENCE_KEY(true, "A row has input, preferred_output and non_preferred_output."),
  BAD_INPUT(false, "Write input as {\"messages\": [...]}, with tools where there are some."),
  BAD_PREFERENCE_MESSAGE(false, "Write {\"role\": ..., \"content\": ...} with a text as content."),
  INPUT_ENDS_WITH_ANSWER(false, "End input with what is to be answered."),
  BAD_OUTPUT(false, "Write a list of one message from the assistant, with a text."),
  NOTHING_TRAINED(false, "Shorten the conversation: its end is cut at the model's context."),
  ROW_REFUSED(false, "Bring the conversation into the form that the model's template takes."),
  ROW_CUT(Severity.WARNING, "Shorten the row: what is cut off is not learnt."),
  SAME_OUTPUTS(Severity.WARNING, "Write two different answers, or take the row out."),
  DUPLICATE_ROW(Severity.WARNING, "Keep one.");

  private final Severity severity;
  private final boolean keys;
  private final String remedy;

  PreferenceFault(boolean keys, String remedy) {
    this.severity = Severity.ERROR;
    this.keys = keys;
    this.remedy = remedy;
  }

  PreferenceFault(Severity severity, String remedy) {
    this.severity = severity;
    this.keys = false;
    this.remedy = remedy;
  }

  /// As it stands in reports: `bad_output`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public String remedy() {
    return remedy;
  }

  public Severity severity() {
    return severity;
  }

  /// Whether it is a key too many or too few, for which OpenAI has a code of its own.
  boolean isKeys() {
    return keys;
  }
}
