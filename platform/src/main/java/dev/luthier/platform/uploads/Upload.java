package dev.luthier.platform.uploads;

import dev.luthier.platform.files.FilePurpose;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// A file that comes in parts.
///
/// @param bytes of the whole file, as the client announced them
/// @param expiresAt when it takes no more parts
/// @param fileSeconds how long the file is kept once it is whole; empty: for ever
/// @param fileId set once it is completed
public record Upload(
    String id,
    long bytes,
    Instant createdAt,
    Instant expiresAt,
    String filename,
    FilePurpose purpose,
    OptionalLong fileSeconds,
    UploadState state,
    Optional<String> fileId) {
  public static final String ID_PATTERN = "upload_[A-Za-z0-9]{16,32}";

  /// As it is at an instant: what was pending for too long has expired.
  public Upload at(Instant now) {
    return state == UploadState.PENDING && !now.isBefore(expiresAt)
        ? with(UploadState.EXPIRED, Optional.empty())
        : this;
  }

  public Upload with(UploadState next, Optional<String> file) {
    return new Upload(id, bytes, createdAt, expiresAt, filename, purpose, fileSeconds, next, file);
  }
}
