package dev.luthier.text.rows;

/// Why a job cannot use a file: the `error` of the job as OpenAI words it.
///
/// @param line the line in the file, from 1; 0 when it is about the whole file
public record RowFailure(String code, String message, String param, int line) {}
