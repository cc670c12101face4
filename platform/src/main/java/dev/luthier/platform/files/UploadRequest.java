package dev.luthier.platform.files;

import java.io.InputStream;
import java.util.OptionalLong;

/// A file to be stored. `content` is read to its end once and not closed here.
///
/// @param purpose as the client wrote it; the service refuses unknown ones
/// @param expiresAfterSeconds from creation, 3600 to 2592000
public record UploadRequest(
    String filename, String purpose, InputStream content, OptionalLong expiresAfterSeconds) {}
