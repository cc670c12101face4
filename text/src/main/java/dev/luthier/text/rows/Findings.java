package dev.luthier.text.rows;

import java.util.ArrayList;
import java.util.List;

/// Collects findings up to a limit and counts the rest. Those of a row are collected apart and
/// added to those of the file, under the same limit, when its turn comes.
final class Findings {
  private final int max;
  private final List<Finding> kept = new ArrayList<>();
  private int errors;
  private int furtherErrors;
  private int furtherWarnings;

  Findings(int max) {
    this.max = max;
  }

  /// An error never gives way to warnings: the first one is kept, whatever came before.
  void add(Finding finding) {
    boolean error = finding.severity() == Severity.ERROR;
    if (kept.size() < max) {
      kept.add(finding);
    } else if (error && errors == 0) {
      kept.set(max - 1, finding);
      furtherWarnings++;
    } else if (error) {
      furtherErrors++;
    } else {
      furtherWarnings++;
    }
    errors += error ? 1 : 0;
  }

  /// Adds what was found in later lines.
  void addAll(Findings later) {
    later.kept.forEach(this::add);
    errors += later.furtherErrors;
    furtherErrors += later.furtherErrors;
    furtherWarnings += later.furtherWarnings;
  }

  int errors() {
    return errors;
  }

  RowReport report(int examples, long tokens, long trainedTokens) {
    return new RowReport(examples, tokens, trainedTokens, kept, furtherErrors, furtherWarnings);
  }
}
