package dev.luthier.text.rows;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Collects findings: the first few of each code and severity, and how many there are in all. So no
/// flood of one kind hides another, and memory is flat. Those of a row are collected apart and
/// added to those of the file, under the same limit, when its turn comes.
final class Findings {
  private record Kind(FindingCode code, Severity severity) {}

  private final int examplesMax;
  private final List<Finding> kept = new ArrayList<>(2);
  private final Map<Kind, Long> counts = new LinkedHashMap<>(4);

  /// @param examplesMax how many of each kind are kept
  Findings(int examplesMax) {
    this.examplesMax = examplesMax;
  }

  void add(Finding finding) {
    if (count(new Kind(finding.code(), finding.severity()), 1) <= examplesMax) {
      kept.add(finding);
    }
  }

  private long count(Kind kind, long more) {
    return counts.merge(kind, more, Long::sum);
  }

  /// Whether another one of this kind would be kept.
  boolean takes(FindingCode code, Severity severity) {
    return counts.getOrDefault(new Kind(code, severity), 0L) < examplesMax;
  }

  /// Adds what was found in later lines.
  void addAll(Findings later) {
    if (later.counts.isEmpty()) {
      return;
    }
    Map<Kind, Long> further = new LinkedHashMap<>(later.counts);
    for (Finding finding : later.kept) {
      add(finding);
      further.merge(new Kind(finding.code(), finding.severity()), -1L, Long::sum);
    }
    further.forEach((kind, count) -> {
      if (count > 0) {
        count(kind, count);
      }
    });
  }

  List<Finding> kept() {
    return List.copyOf(kept);
  }

  boolean hasErrors() {
    return counts.keySet().stream().anyMatch(kind -> kind.severity() == Severity.ERROR);
  }

  List<FindingCount> counts() {
    return counts.entrySet().stream()
        .map(entry ->
            new FindingCount(entry.getKey().code(), entry.getKey().severity(), entry.getValue()))
        .toList();
  }
}
