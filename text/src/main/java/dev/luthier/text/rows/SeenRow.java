package dev.luthier.text.rows;

import java.util.List;
import java.util.Optional;

/// An example of a file, good or bad.
///
/// @param line the line in the file, from 1
/// @param example the example, from 1, counting no blank lines
/// @param text the line as it stands; empty when it is no text
/// @param row empty when something is wrong with it
/// @param findings what is wrong, or worth a word
public record SeenRow(
    int line, int example, String text, Optional<Row> row, List<Finding> findings) {
  public SeenRow {
    findings = List.copyOf(findings);
  }
}
