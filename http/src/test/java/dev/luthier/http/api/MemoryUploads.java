package dev.luthier.http.api;

import dev.luthier.platform.uploads.Upload;
import dev.luthier.platform.uploads.UploadPart;
import dev.luthier.platform.uploads.UploadState;
import dev.luthier.platform.uploads.UploadStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// The rows of uploads in memory.
final class MemoryUploads implements UploadStore {
  private final Map<String, Upload> uploads = new LinkedHashMap<>();
  private final List<UploadPart> parts = new ArrayList<>();

  @Override
  public synchronized void insert(Upload upload) {
    uploads.put(upload.id(), upload);
  }

  @Override
  public synchronized Optional<Upload> find(String id) {
    return Optional.ofNullable(uploads.get(id));
  }

  @Override
  public synchronized void update(Upload upload) {
    uploads.put(upload.id(), upload);
  }

  @Override
  public synchronized void insertPart(UploadPart part) {
    parts.add(part);
  }

  @Override
  public synchronized List<UploadPart> parts(String uploadId) {
    return parts.stream().filter(part -> part.uploadId().equals(uploadId)).toList();
  }

  @Override
  public synchronized boolean referencesPart(String partId) {
    return parts.stream().anyMatch(part -> part.id().equals(partId));
  }

  @Override
  public synchronized List<String> removeEndedParts(Instant now) {
    var ended =
        parts.stream()
            .filter(part ->
                Objects.requireNonNull(uploads.get(part.uploadId())).at(now).state()
                    != UploadState.PENDING)
            .toList();
    parts.removeAll(ended);
    return ended.stream().map(UploadPart::id).toList();
  }
}
