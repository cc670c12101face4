package dev.luthier.text.rows;

import java.util.HashMap;
import java.util.Map;

/// Counts the rows of each system prompt. Of more prompts than the limit the later ones are counted
/// together.
final class PromptTally {
  private static final int PROMPTS_MAX = 4096;

  private static final class Prompt {
    private final int line;
    private long rows;

    Prompt(int line) {
      this.line = line;
    }
  }

  private final Map<Long, Prompt> prompts = new HashMap<>();
  private long rows;

  void add(RowPrint print, int line) {
    rows++;
    Long key = print.systemPrompt();
    if (prompts.containsKey(key) || prompts.size() < PROMPTS_MAX) {
      prompts.computeIfAbsent(key, _ -> new Prompt(line)).rows++;
    }
  }

  /// One finding for the file, at the first row that differs from most.
  void report(Findings findings) {
    if (prompts.size() < 2) {
      return;
    }
    Prompt usual =
        prompts.values().stream()
            .max((a, b) -> a.rows != b.rows ? Long.compare(a.rows, b.rows) : b.line - a.line)
            .orElseThrow();
    int line =
        prompts.values().stream()
            .filter(prompt -> prompt != usual)
            .mapToInt(prompt -> prompt.line)
            .min()
            .orElse(0);
    boolean many = prompts.size() == PROMPTS_MAX;
    long without = prompts.containsKey(0L) ? prompts.get(0L).rows : 0;
    int kinds = prompts.size() - (without > 0 ? 1 : 0);
    String message =
        "The rows have %s%,d system prompts; the commonest opening is that of %,d of %,d rows%s."
            .formatted(
                many ? "more than " : "",
                kinds,
                usual.rows,
                rows,
                without > 0 ? ", and %,d rows have none".formatted(without) : "");
    findings.add(
        new Finding(
            line,
            0,
            0,
            Severity.WARNING,
            FindingCode.DIFFERING_PROMPTS,
            message,
            Map.of(
                "n",
                String.valueOf(kinds),
                "rows",
                String.valueOf(usual.rows),
                "without",
                String.valueOf(without))));
  }
}
