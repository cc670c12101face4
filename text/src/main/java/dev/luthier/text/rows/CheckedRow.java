package dev.luthier.text.rows;

import java.util.Optional;

/// An example whose form was checked.
///
/// @param row empty if something is wrong with it
/// @param complaints what was said about it, and takes what else is to be said
/// @param characters of its line
record CheckedRow(Optional<ChatRow> row, Complaints complaints, int characters) {
  /// Adds its length, where it is good and there is a measure.
  MeasuredRow measured(Optional<RowMeasure> measure) {
    if (row.isEmpty() || measure.isEmpty()) {
      return new MeasuredRow(this, Optional.empty(), Optional.empty());
    }
    try {
      RowLength length = measure.get().measure(row.get());
      return new MeasuredRow(this, Optional.of(length), Optional.empty());
    } catch (RowRefusedException e) {
      return new MeasuredRow(this, Optional.empty(), Optional.of(String.valueOf(e.getMessage())));
    }
  }
}
