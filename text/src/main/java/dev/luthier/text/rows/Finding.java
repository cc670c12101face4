package dev.luthier.text.rows;

import java.util.Map;

/// One thing to say about a file of rows.
///
/// @param line the line in the file, from 1; 0 when the finding is about the whole file
/// @param column the character in the line, from 1, counted as Unicode counts; 0 when it is about
///   the whole line
/// @param example the example, from 1, counting no blank lines; 0 as for the line
/// @param message a sentence that names the example, in OpenAI's words where they are known
/// @param values what the sentence is about (`key`, `role`, `n`, …), for sentences in other
///   languages
public record Finding(
    int line,
    int column,
    int example,
    Severity severity,
    FindingCode code,
    String message,
    Map<String, String> values) {
  public Finding {
    values = Map.copyOf(values);
  }
}
