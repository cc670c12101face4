package dev.luthier.platform.uploads;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.files.BlobStore;
import dev.luthier.platform.files.FileService;
import dev.luthier.platform.files.FileStore;
import dev.luthier.platform.files.StoredFile;
import dev.luthier.platform.files.UploadRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes files in parts and joins them. Safe for many threads.
public final class UploadService {
  /// The most bytes of a file that comes in parts.
  public static final long BYTES_MAX = 8L << 30;

  /// The most bytes of one part.
  public static final long PART_BYTES_MAX = 64L << 20;

  private static final int PARTS_MAX = 10_000;
  private static final Duration LIFE = Duration.ofHours(1);
  private static final Logger log = LoggerFactory.getLogger(UploadService.class);

  private final Collaborators with;
  private final Identifiers identifiers;
  private final Clock clock;

  /// What the service works with; closed by whoever made it.
  public record Collaborators(
      UploadStore uploads,
      FileService files,
      FileStore fileRows,
      BlobStore blobs,
      Transactions transactions) {}

  public UploadService(Collaborators with, Identifiers identifiers, Clock clock) {
    this.with = with;
    this.identifiers = identifiers;
    this.clock = clock;
  }

  /// Opens an upload, for an hour.
  public Upload create(CreateUpload announced) {
    if (announced.bytes() < 1) {
      throw ApiException.integerBelow("bytes", 1, announced.bytes());
    }
    if (announced.bytes() > BYTES_MAX) {
      throw ApiException.integerAbove("bytes", BYTES_MAX, announced.bytes());
    }
    Instant now = clock.instant();
    FileService.Description file =
        with.files()
            .describe(announced.filename(), announced.purpose(), announced.expiresAfterSeconds());
    purge();
    var upload =
        new Upload(
            identifiers.upload(),
            announced.bytes(),
            now,
            now.plus(LIFE),
            file.filename(),
            file.purpose(),
            announced.expiresAfterSeconds(),
            UploadState.PENDING,
            Optional.empty());
    with.uploads().insert(upload);
    return upload;
  }

  /// Stores a part; parts may come at the same time and in any order. Durable when this returns.
  public UploadPart add(String uploadId, InputStream content) {
    pending(uploadId, "No part can be added to it");
    String id = identifiers.uploadPart();
    BlobStore.Written written = write(id, content);
    var part = new UploadPart(id, uploadId, clock.instant(), written.bytes());
    try {
      with.transactions()
          .run(() -> {
            Upload upload = pending(uploadId, "No part can be added to it");
            checkRoom(upload, part);
            with.uploads().insertPart(part);
          });
    } catch (RuntimeException e) {
      discard(id);
      throw e;
    }
    return part;
  }

  /// Parts that were sent twice may lie beside each other, but not without end.
  private void checkRoom(Upload upload, UploadPart part) {
    List<UploadPart> parts = with.uploads().parts(upload.id());
    long bytes = part.bytes() + parts.stream().mapToLong(UploadPart::bytes).sum();
    if (parts.size() == PARTS_MAX || bytes > 2 * upload.bytes() + PART_BYTES_MAX) {
      throw refused(
          "Upload %s was announced with %d bytes; %d parts of together %d bytes are too many for it."
              .formatted(upload.id(), upload.bytes(), parts.size() + 1, bytes),
          "data");
    }
  }

  private BlobStore.Written write(String id, InputStream content) {
    try {
      return with.blobs().write(id, content, PART_BYTES_MAX);
    } catch (BlobStore.TooLargeException e) {
      throw new ApiException(
          ErrorCode.TOO_LARGE,
          "The part is too large: a part may have "
              + PART_BYTES_MAX
              + " bytes at most, and more arrived.",
          Optional.of("data"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot store " + id, e);
    }
  }

  /// Joins parts, in the order they are named, to a file.
  ///
  /// @param md5 of the file, if it is to be compared
  public Completed complete(String uploadId, List<String> partIds, Optional<String> md5) {
    Upload upload = pending(uploadId, "It cannot be completed");
    List<UploadPart> parts = named(upload, partIds);
    long bytes = parts.stream().mapToLong(UploadPart::bytes).sum();
    if (bytes != upload.bytes()) {
      throw refused(
          "The parts have %d bytes together, but upload %s was announced with %d."
              .formatted(bytes, uploadId, upload.bytes()),
          "part_ids");
    }
    List<String> ids = parts.stream().map(UploadPart::id).toList();
    md5.ifPresent(expected -> checkSum(ids, expected));
    StoredFile file;
    try (InputStream content = new JoinedParts(with.blobs(), ids)) {
      file =
          with.files()
              .prepare(
                  new UploadRequest(
                      upload.filename(), upload.purpose().text(), content, upload.fileSeconds()),
                  BYTES_MAX);
    } catch (IOException e) {
      pending(uploadId, "It cannot be completed"); // Its parts go when it is cancelled meanwhile.
      throw new UncheckedIOException("cannot join the parts of " + uploadId, e);
    }
    try {
      Completed completed =
          with.transactions()
              .call(() -> {
                Upload whole =
                    pending(uploadId, "It cannot be completed")
                        .with(UploadState.COMPLETED, Optional.of(file.id()));
                with.fileRows().insert(file);
                with.uploads().update(whole);
                return new Completed(whole, file);
              });
      purge();
      return completed;
    } catch (RuntimeException e) {
      discard(file.id());
      throw e;
    }
  }

  /// An upload that is a file now.
  public record Completed(Upload upload, StoredFile file) {}

  /// Gives an upload up and forgets its parts.
  public Upload cancel(String uploadId) {
    Upload cancelled =
        with.transactions()
            .call(() -> {
              Upload upload =
                  pending(uploadId, "It cannot be cancelled")
                      .with(UploadState.CANCELLED, Optional.empty());
              with.uploads().update(upload);
              return upload;
            });
    purge();
    return cancelled;
  }

  /// Removes the bytes of parts that no row names; to be called before the first upload.
  public void sweep() throws IOException {
    purge();
    with.blobs().keys().stream()
        .filter(key -> key.matches(UploadPart.ID_PATTERN))
        .filter(key -> !with.uploads().referencesPart(key))
        .forEach(this::discard);
  }

  /// Removes the parts of uploads that ended or expired. Cheap when there are none.
  public void purge() {
    with.uploads().removeEndedParts(clock.instant()).forEach(this::discard);
  }

  /// As it stands now.
  public Upload get(String id) {
    return Optional.of(id)
        .filter(text -> text.matches(Upload.ID_PATTERN))
        .flatMap(with.uploads()::find)
        .orElseThrow(() ->
            new ApiException(
                ErrorCode.NOT_FOUND, "No such Upload object: " + id, Optional.of("upload_id")))
        .at(clock.instant());
  }

  /// The file that a completed upload has become, as long as it is there.
  public Optional<StoredFile> file(Upload upload) {
    return upload.fileId().flatMap(id -> with.fileRows().find(id, clock.instant()));
  }

  private Upload pending(String id, String consequence) {
    Upload upload = get(id);
    if (upload.state() != UploadState.PENDING) {
      throw refused(
          "Upload %s is %s. %s; create a new one."
              .formatted(id, upload.state().text(), consequence),
          "upload_id");
    }
    return upload;
  }

  private List<UploadPart> named(Upload upload, List<String> partIds) {
    Map<String, UploadPart> known = new HashMap<>();
    with.uploads().parts(upload.id()).forEach(part -> known.put(part.id(), part));
    if (new HashSet<>(partIds).size() < partIds.size()) {
      throw refused("A part is named twice in 'part_ids'.", "part_ids");
    }
    return partIds.stream()
        .map(id ->
            Optional.ofNullable(known.get(id))
                .orElseThrow(() ->
                    refused("Upload %s has no part '%s'.".formatted(upload.id(), id), "part_ids")))
        .toList();
  }

  private void checkSum(List<String> partIds, String expected) {
    try (var content = new JoinedParts(with.blobs(), partIds)) {
      String sum = content.md5();
      if (!sum.equals(expected.toLowerCase(Locale.ROOT))) {
        throw refused("The parts have the MD5 %s, not %s.".formatted(sum, expected), "md5");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the parts", e);
    }
  }

  private static ApiException refused(String message, String param) {
    return new ApiException(ErrorCode.INVALID_REQUEST, message, Optional.of(param));
  }

  private void discard(String key) {
    try {
      with.blobs().delete(key);
    } catch (IOException e) {
      log.warn("the bytes of {} stay behind; the next start removes them", key, e);
    }
  }
}
