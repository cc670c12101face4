package dev.luthier.platform.files;

import java.time.Instant;
import java.util.Optional;

/// A file's row. The bytes lie in the [BlobStore] under the file's id.
///
/// @param filename the client's name, only ever shown, never a path
/// @param sha256 of the bytes, lower-case hexadecimal
public record StoredFile(
    String id,
    long bytes,
    Instant createdAt,
    Optional<Instant> expiresAt,
    String filename,
    FilePurpose purpose,
    FileStatus status,
    Optional<String> statusDetails,
    String sha256) {

  public static final String ID_PATTERN = "file-[A-Za-z0-9]{16,32}";

  public StoredFile {
    if (!id.matches(ID_PATTERN) || bytes < 0 || !sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException(
          "not a file row: id %s, %d bytes, sha256 %s".formatted(id, bytes, sha256));
    }
  }
}
