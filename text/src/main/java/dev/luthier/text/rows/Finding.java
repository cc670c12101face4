package dev.luthier.text.rows;

/// One thing to say about a file of rows.
///
/// @param line the line in the file, from 1; 0 when the finding is about the whole file
/// @param example the example, from 1, counting no blank lines; 0 as for the line
/// @param message a sentence that names the example
public record Finding(int line, int example, Severity severity, FindingKind kind, String message) {}
