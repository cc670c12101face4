package dev.luthier.text.rows;

import java.util.List;
import java.util.Optional;

/// An example and how long it is.
///
/// @param print empty if the row is not good
/// @param lengths of its conversations; empty if nothing measured it, or it was refused
/// @param refusal why it cannot be used at all, as it follows "Example 3"
record MeasuredRow(
    CheckedRow checked,
    Optional<RowPrint> print,
    List<RowLength> lengths,
    Optional<String> refusal) {}
