package dev.luthier.platform.uploads;

import java.time.Instant;

/// A part of a file. Its bytes lie in the blob store under its id.
public record UploadPart(String id, String uploadId, Instant createdAt, long bytes) {
  public static final String ID_PATTERN = "part_[A-Za-z0-9]{16,32}";
}
