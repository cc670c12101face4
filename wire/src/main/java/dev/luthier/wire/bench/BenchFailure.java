package dev.luthier.wire.bench;

/// Stands in the place of a report when nothing could be measured.
///
/// @param failure a sentence for the user
public record BenchFailure(String failure) {}
