package dev.luthier.platform.uploads;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Port: the rows of uploads in parts. Safe for many threads; see `Transactions` for durability.
public interface UploadStore {
  void insert(Upload upload);

  Optional<Upload> find(String id);

  /// Writes state and file of an upload.
  void update(Upload upload);

  void insertPart(UploadPart part);

  /// In the order of their insertion.
  List<UploadPart> parts(String uploadId);

  /// Whether there is a row: then the blob store must keep the bytes.
  boolean referencesPart(String partId);

  /// Removes the parts of uploads that take no more, or expired before an instant; answers their
  /// ids.
  List<String> removeEndedParts(Instant now);
}
