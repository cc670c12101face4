package dev.luthier.text.rows;

/// What training makes of good rows: adds up their tokens, and says which of them teach nothing or
/// only in part.
final class Lessons {
  private long tokens;
  private long trainedTokens;
  private long tokensLost;
  private int teaching;

  /// Of all rows that a model takes; those that are cut count as they are then.
  long tokens() {
    return tokens;
  }

  /// How many of them are targets.
  long trainedTokens() {
    return trainedTokens;
  }

  /// How many more there were before rows were cut.
  long tokensLost() {
    return tokensLost;
  }

  /// How many chat rows have an answer that is learnt.
  int teaching() {
    return teaching;
  }

  void add(Row row, MeasuredRow measured, Complaints complaints) {
    measured.refusal().ifPresent(why -> complaints.error(FindingCode.ROW_REFUSED, Place.ROOT, why));
    switch (row) {
      case ChatRow chat -> chat(chat, measured, complaints);
      case PreferenceRow _ -> pair(measured, complaints);
      case PromptRow _ -> prompt(measured, complaints);
    }
  }

  private void chat(ChatRow row, MeasuredRow measured, Complaints complaints) {
    boolean trains = row.messages().valueStream().anyMatch(ChatRow::isTrained);
    if (!trains) {
      complaints.warn(
          FindingCode.NOTHING_TRAINED,
          Place.ROOT,
          " trains nothing: its assistant's messages have weight 0");
    }
    measured.lengths().forEach(this::count);
    tellOfCut(measured, complaints);
    if (!trains || complaints.any()) {
      return;
    }
    if (measured.lengths().stream().allMatch(length -> length.trainedTokens() > 0)) {
      teaching++;
    } else {
      complaints.warn(
          FindingCode.NOTHING_TRAINED,
          Place.ROOT,
          " trains nothing: what is left of it has no answer");
    }
  }

  /// A pair is of no use when one of its answers is gone.
  private void pair(MeasuredRow measured, Complaints complaints) {
    if (measured.lengths().stream().anyMatch(length -> length.trainedTokens() == 0)) {
      complaints.error(
          FindingCode.NOTHING_TRAINED,
          Place.ROOT,
          " is too long: nothing of an answer is left where the model's context ends");
      return;
    }
    measured.lengths().forEach(this::count);
    tellOfCut(measured, complaints);
  }

  /// A prompt cannot be cut: the answer would be to something else.
  private void prompt(MeasuredRow measured, Complaints complaints) {
    for (RowLength length : measured.lengths()) {
      if (length.tokensLost() == 0) {
        count(length);
        continue;
      }
      int context = length.tokens() + 1;
      int whole = length.tokens() + length.tokensLost();
      complaints.error(
          FindingCode.PROMPT_TOO_LONG,
          Place.ROOT,
          ": its %d tokens leave no room for an answer in the model's context of %d"
              .formatted(whole, context),
          "n",
          String.valueOf(whole),
          "context",
          String.valueOf(context));
    }
  }

  private void count(RowLength length) {
    tokens += length.tokens();
    trainedTokens += length.trainedTokens();
    tokensLost += length.tokensLost();
  }

  private static void tellOfCut(MeasuredRow measured, Complaints complaints) {
    int lost = measured.lengths().stream().mapToInt(RowLength::tokensLost).sum();
    if (lost == 0) {
      return;
    }
    int context = measured.lengths().stream().mapToInt(RowLength::tokens).max().orElse(0);
    complaints.warn(
        FindingCode.ROW_CUT,
        Place.ROOT,
        " (line %d) is longer than the %d tokens of the model's context: %d tokens were cut off its end"
            .formatted(complaints.line(), context, lost),
        "n",
        String.valueOf(lost),
        "context",
        String.valueOf(context));
  }
}
