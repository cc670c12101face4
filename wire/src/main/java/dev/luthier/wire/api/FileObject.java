package dev.luthier.wire.api;

import java.util.Optional;

/// One stored file. Times are Unix seconds.
public record FileObject(
    String object,
    String id,
    String purpose,
    String filename,
    long bytes,
    long createdAt,
    Optional<Long> expiresAt,
    String status,
    Optional<String> statusDetails) {}
