package dev.luthier.platform.batches;

/// What was answered to one line of a batch.
///
/// @param line of the input file, from 1
/// @param failed whether it is an error
/// @param text the line of the output file, without its end
public record BatchAnswer(int line, boolean failed, String text, BatchTokens tokens) {}
