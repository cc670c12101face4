package dev.luthier.text.rows;

import java.util.List;
import java.util.Optional;

/// An example whose form was checked.
///
/// @param row empty if something is wrong with it
/// @param complaints what was said about it, and takes what else is to be said
record CheckedRow(Optional<Row> row, Complaints complaints) {
  int characters() {
    return complaints.text().length();
  }

  /// Adds what can be found out about it alone: secrets, its print, and its length where it is good
  /// and there is a measure.
  MeasuredRow measured(Optional<RowMeasure> measure) {
    SecretScan.scan(complaints);
    Optional<RowPrint> print = row.map(RowPrint::of);
    if (row.isEmpty() || measure.isEmpty()) {
      return new MeasuredRow(this, print, List.of(), Optional.empty());
    }
    try {
      List<RowLength> lengths =
          row.get().conversations().stream().map(measure.get()::measure).toList();
      return new MeasuredRow(this, print, lengths, Optional.empty());
    } catch (RowRefusedException e) {
      String why = String.valueOf(e.getMessage());
      return new MeasuredRow(this, print, List.of(), Optional.of(why));
    }
  }
}
