package dev.luthier.text.rows;

import dev.luthier.text.rows.JsonLines.JsonLine;
import dev.luthier.text.rows.PreferenceReport.Remark;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Goes through the rows of a preference file and keeps what is to be said.
final class PreferenceTally {
  private static final int REMARKS_PER_FAULT = 25;

  /// Rows that later ones are compared with.
  private static final int REMEMBERED_MAX = 1 << 18;

  private final String fileId;
  private final Optional<RowMeasure> measure;
  private final List<Remark> remarks = new ArrayList<>();
  private final Map<PreferenceFault, Long> counts = new EnumMap<>(PreferenceFault.class);
  private final Map<Long, Integer> seen = new HashMap<>();
  private int examples;
  private long tokens;
  private long trainedTokens;
  private long tokensLost;

  PreferenceTally(String fileId, Optional<RowMeasure> measure) {
    this.fileId = fileId;
    this.measure = measure;
  }

  void add(JsonLine line) {
    examples++;
    if (line.value().isEmpty()) {
      say(line, PreferenceFault.INVALID_JSON, line.fault());
      return;
    }
    JsonNode value = line.value().get();
    if (value.isObject() && value.has("messages") && !value.has("input")) {
      keep(
          line,
          PreferenceFault.CHAT_ROWS,
          "Input file "
              + fileId
              + " is in the fine-tune-chat format, but the specified fine-tuning job is not using"
              + " 'supervised' as the training method (provided method=dpo).",
          Map.of());
      return;
    }
    new PreferenceCheck((fault, clause) -> say(line, fault, clause))
        .check(line.number(), value)
        .ifPresent(row -> {
          compare(line, value, row);
          measure.ifPresent(with -> measure(line, row, with));
        });
  }

  private void compare(JsonLine line, JsonNode value, PreferenceRow row) {
    if (row.preferred().path("content").equals(row.other().path("content"))) {
      say(
          line,
          PreferenceFault.SAME_OUTPUTS,
          " (line %d) prefers an answer to itself: nothing is learnt of it"
              .formatted(line.number()));
    }
    long print = RowPrint.hash(value);
    Integer first = seen.get(print);
    if (first != null) {
      keep(
          line,
          PreferenceFault.DUPLICATE_ROW,
          "Example %d (line %d) is the same as line %d".formatted(examples, line.number(), first),
          Map.of("first", Integer.toString(first)));
    } else if (seen.size() < REMEMBERED_MAX) {
      seen.put(print, line.number());
    }
  }

  private void measure(JsonLine line, PreferenceRow row, RowMeasure with) {
    try {
      RowLength preferred = with.measure(row.preferredRow());
      RowLength other = with.measure(row.otherRow());
      int lost = preferred.tokensLost() + other.tokensLost();
      if (preferred.trainedTokens() == 0 || other.trainedTokens() == 0) {
        say(
            line,
            PreferenceFault.NOTHING_TRAINED,
            " is too long: nothing of an answer is left where the model's context ends");
        return;
      }
      tokens += preferred.tokens() + other.tokens();
      trainedTokens += preferred.trainedTokens() + other.trainedTokens();
      tokensLost += lost;
      if (lost > 0) {
        keep(
            line,
            PreferenceFault.ROW_CUT,
            "Example %d (line %d) is longer than the model's context: %d tokens were cut off its ends"
                .formatted(examples, line.number(), lost),
            Map.of("n", Integer.toString(lost)));
      }
    } catch (RowRefusedException e) {
      say(line, PreferenceFault.ROW_REFUSED, String.valueOf(e.getMessage()));
    }
  }

  private void say(JsonLine line, PreferenceFault fault, String clause) {
    keep(line, fault, "Example " + examples + clause, Map.of());
  }

  private void keep(
      JsonLine line, PreferenceFault fault, String message, Map<String, String> values) {
    if (counts.merge(fault, 1L, Long::sum) <= REMARKS_PER_FAULT) {
      remarks.add(new Remark(line.number(), examples, fault, message, values));
    }
  }

  PreferenceReport report() {
    return new PreferenceReport(examples, tokens, trainedTokens, tokensLost, remarks, counts);
  }
}
