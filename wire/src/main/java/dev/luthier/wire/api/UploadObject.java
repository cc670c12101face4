package dev.luthier.wire.api;

import java.util.Optional;

/// A file that comes in parts. Times are Unix seconds.
public record UploadObject(
    String id,
    String object,
    long bytes,
    long createdAt,
    String filename,
    String purpose,
    String status,
    long expiresAt,
    Optional<FileObject> file) {}
