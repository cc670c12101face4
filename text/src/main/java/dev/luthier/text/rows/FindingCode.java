package dev.luthier.text.rows;

import static dev.luthier.text.rows.FindingFamily.COUNT;
import static dev.luthier.text.rows.FindingFamily.EXTRA_KEY;
import static dev.luthier.text.rows.FindingFamily.FILE;
import static dev.luthier.text.rows.FindingFamily.MISSING_KEY;
import static dev.luthier.text.rows.FindingFamily.ROW;

import java.util.Locale;

/// What can be said about a file of rows: a name that does not change, so that programs can go by
/// it and pages can say it in their own language, and what to do about it.
public enum FindingCode {
  // The file and its lines.
  BYTE_ORDER_MARK(FILE, "Save the file as UTF-8 without a mark. The mended copy has none."),
  CARRIAGE_RETURNS(FILE, "Nothing has to be done. The mended copy ends lines as Unix does."),
  BLANK_LINE(FILE, "Take the line out. The mended copy has none."),
  NOT_UTF8(ROW, "Save the file as UTF-8."),
  LINE_TOO_LONG(ROW, "Split the conversation into several rows."),
  TOO_FEW_ROWS(COUNT, "Add rows."),
  TOO_MANY_ROWS(COUNT, "Take rows out."),
  JSON_ARRAY(FILE, "Write one object a line, without brackets around. The mended copy does."),

  // JSON.
  SEVERAL_OBJECTS(ROW, "Put each object on a line of its own. The mended copy does."),
  TRAILING_COMMA(ROW, "Take the comma out. The mended copy does."),
  SINGLE_QUOTES(ROW, "Write strings in double quotes; json.dumps does."),
  CURLY_QUOTES(ROW, "Write straight double quotes around strings."),
  UNQUOTED_KEY(ROW, "Write keys in double quotes."),
  PYTHON_LITERAL(ROW, "Write true, false and null; json.dumps does."),
  COMMENT(ROW, "JSON has no comments: take it out."),
  UNTERMINATED_STRING(ROW, "Close the string; a line break inside it is written \\n."),
  CONTROL_CHARACTER(ROW, "Write it as an escape, a tab as \\t. The mended copy does."),
  INVALID_ESCAPE(ROW, "Write a backslash as \\\\."),
  MISSING_COMMA(ROW, "Put a comma between the two; a quote inside a string is written \\\"."),
  MISSING_COLON(ROW, "Put a colon between key and value."),
  SPLIT_OBJECT(ROW, "Write the whole object on one line."),
  INVALID_JSON(ROW, "Write the row with a JSON library."),
  DUPLICATE_KEY(ROW, "Keep one of the two; the later one counts. The mended copy keeps that."),
  NOT_A_NUMBER(ROW, "JSON has no such number: write null or leave it out."),

  // The row.
  NOT_AN_OBJECT(FILE, "Write one object a line, in braces."),
  PREFERENCE_ROWS(FILE, "Choose the method dpo, or make rows of messages."),
  CHAT_ROWS(FILE, "Choose the method supervised, or write rows of two answers."),
  COMPLETION_ROWS(FILE, "Make the prompt a user's message and the completion the assistant's."),
  MISSING_MESSAGES(MISSING_KEY, "Write {\"messages\": [...]}."),
  EXTRA_ROW_KEY(EXTRA_KEY, "Take it out: OpenAI refuses it, here it is ignored."),
  MESSAGES_NOT_A_LIST(ROW, "Write messages as a list of objects."),
  NO_MESSAGES(ROW, "Fill in the conversation or take the row out."),
  NO_ANSWER(ROW, "Add the assistant's answer: it is what is learnt."),
  LAST_NOT_ASSISTANT(ROW, "End with the assistant's answer, or cut off what follows it."),
  BAD_PARALLEL_TOOL_CALLS(ROW, "Write true or false. Until then it is ignored."),
  BAD_TOOL_LIST(ROW, "Write a list of functions. Until then none is offered."),
  BAD_TOOL(ROW, "Write type, name and parameters as the API asks. Until then it is not offered."),
  TOOL_TWICE(ROW, "Give each function a name of its own."),

  // Rows of two answers, and of prompts.
  MISSING_PREFERENCE_KEY(
      MISSING_KEY, "A row has input with messages, preferred_output and non_preferred_output."),
  BAD_INPUT(ROW, "Write input as {\"messages\": [...]}, with tools where there are some."),
  INPUT_ENDS_WITH_ANSWER(ROW, "End with what is to be answered."),
  BAD_OUTPUT(ROW, "Write a list of one message from the assistant."),
  SAME_OUTPUTS(ROW, "Write two different answers. The mended copy leaves the row out."),
  MISSING_FIELD(ROW, "Add the field to the row, or mend the grader's template."),

  // A message.
  MESSAGE_NOT_AN_OBJECT(ROW, "Write {\"role\": ..., \"content\": ...}."),
  EXTRA_MESSAGE_KEY(EXTRA_KEY, "Take it out. The mended copy does."),
  MISSING_ROLE(ROW, "Say who speaks: system, user, assistant or tool."),
  UNKNOWN_ROLE(ROW, "Use system, user, assistant or tool."),
  MISSING_CONTENT(ROW, "Give it a text; only an answer that calls functions can do without."),
  CONTENT_NOT_TEXT(ROW, "Write the content as a string or as a list of text parts."),
  BAD_PART(ROW, "Write parts as {\"type\": \"text\", \"text\": ...}."),
  IMAGE(ROW, "Take the image out: this model reads text only."),
  WRONG_TYPE(ROW, "Write it as a string."),
  BAD_WEIGHT(ROW, "Write 0 or 1. Until then the answer counts as 1."),
  IDLE_KEY(ROW, "Take it out. Of weight and function_call, the mended copy does."),
  MISSING_CALL_ID(ROW, "Name the call that this answers: tool_call_id."),
  MISSING_FUNCTION_NAME(ROW, "Name the function whose result this is."),

  // Calls of functions.
  BAD_TOOL_CALLS(ROW, "Write a list of at least one call, or leave tool_calls out."),
  BAD_CALL(ROW, "Write id, type and function with its name."),
  BAD_FUNCTION_CALL(ROW, "Write name and arguments. Until then the call is ignored."),
  ARGUMENTS_NOT_TEXT(ROW, "Write the arguments as a string that holds JSON."),
  ARGUMENTS_NOT_JSON(ROW, "Write the arguments as json.dumps does."),
  ARGUMENTS_BREAK_SCHEMA(ROW, "Make arguments and the function's parameters agree."),
  UNKNOWN_TOOL(ROW, "Offer the function in the row's tools, or mend its name."),
  CALL_UNANSWERED(ROW, "Add a tool's message with the call's id before the talk goes on."),
  ANSWER_WITHOUT_CALL(ROW, "Mend tool_call_id, or add the call that it answers."),

  // What is said, and in what order.
  EMPTY_ANSWER(ROW, "Fill it in or take the row out. The mended copy leaves it out."),
  EMPTY_MESSAGE(ROW, "Fill it in or take the message out."),
  SYSTEM_NOT_FIRST(ROW, "Put the system prompt first, and only one."),
  SAME_ROLE_TWICE(ROW, "Join the two, or add what was said between them."),
  NO_QUESTION(ROW, "Begin with what the user says."),
  DIFFERING_PROMPTS(ROW, "Use one, unless the rows are meant to teach several."),
  BROKEN_CHARACTERS(ROW, "Read the source again in its own encoding."),

  // What training makes of it.
  NOTHING_TRAINED(ROW, "Give at least one answer the weight 1, within the context."),
  ROW_CUT(ROW, "Shorten the row, or split it: what is cut off is not learnt."),
  PROMPT_TOO_LONG(ROW, "Shorten it: the answer has to fit into the context too."),
  ROW_REFUSED(ROW, "Bring the conversation into the form that the model's template takes."),

  // Rows beside each other.
  DUPLICATE_ROW(ROW, "Keep one. The mended copy does."),
  NEAR_DUPLICATE(ROW, "Keep one, unless the small difference is what is to be learnt."),
  IN_TRAINING_FILE(ROW, "Take it out of one of the files: it measures memory, not learning."),
  NEAR_TRAINING_FILE(ROW, "Take one of the two out: it measures memory, not learning."),

  // What should not be learnt.
  API_KEY(ROW, "Take it out and revoke it: a model repeats what it has learnt."),
  ACCESS_TOKEN(ROW, "Take it out and revoke it: a model repeats what it has learnt."),
  PRIVATE_KEY(ROW, "Take it out and replace it: a model repeats what it has learnt."),
  CARD_NUMBER(ROW, "Take it out: a model repeats what it has learnt.");

  private final FindingFamily family;
  private final String remedy;

  FindingCode(FindingFamily family, String remedy) {
    this.family = family;
    this.remedy = remedy;
  }

  /// As it stands in reports: `trailing_comma`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// What to do about it, in a sentence.
  public String remedy() {
    return remedy;
  }

  FindingFamily family() {
    return family;
  }
}
