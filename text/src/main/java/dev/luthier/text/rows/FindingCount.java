package dev.luthier.text.rows;

/// How often something was found.
///
/// @param count all of them, also those that are not among the findings
public record FindingCount(FindingCode code, Severity severity, long count) {}
