package dev.luthier.text.rows;

/// What is wrong with one example; remembers whether anything is.
final class Complaints {
  private final Findings findings;
  private final int line;
  private final int example;
  private boolean any;

  Complaints(Findings findings, int line, int example) {
    this.findings = findings;
    this.line = line;
    this.example = example;
  }

  int line() {
    return line;
  }

  /// What was said.
  Findings findings() {
    return findings;
  }

  boolean any() {
    return any;
  }

  /// @param clause what follows "Example 3"
  void row(String clause) {
    add(FindingKind.INVALID_ROW, clause);
  }

  /// @param clause what follows "Example 3"
  void add(FindingKind kind, String clause) {
    error(kind, "Example " + example + clause);
  }

  void aboutFile(String sentence) {
    error(FindingKind.INVALID_FILE, sentence);
  }

  /// @param clause what follows "Example 3"
  void warn(FindingKind kind, String clause) {
    findings.add(new Finding(line, example, Severity.WARNING, kind, "Example " + example + clause));
  }

  private void error(FindingKind kind, String message) {
    any = true;
    findings.add(new Finding(line, example, Severity.ERROR, kind, message));
  }
}
