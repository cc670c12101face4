package dev.luthier.platform.uploads;

import java.util.OptionalLong;

/// What a client announces of a file that will come in parts.
///
/// @param purpose as the client wrote it; the service refuses unknown ones
/// @param expiresAfterSeconds of the whole file, from its completion
public record CreateUpload(
    String filename, String purpose, long bytes, OptionalLong expiresAfterSeconds) {}
