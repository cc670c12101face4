package dev.luthier.platform.files;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Page;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Uploads, lists, opens and deletes files. Safe for many threads.
public final class FileService {
  /// The most bytes of one file; one more is refused.
  public static final long BYTES_MAX = 536_870_912;

  /// As much as a file that comes in parts may have.
  private static final long MADE_BYTES_MAX = 8L << 30;

  private static final long EXPIRY_SECONDS_MIN = Duration.ofHours(1).toSeconds();
  private static final long EXPIRY_SECONDS_MAX = Duration.ofDays(30).toSeconds();

  /// Parts of files lie beside the files; who takes them in sweeps them.
  private static final String PARTS = "part_";

  private static final int FILE_NAME_LENGTH_MAX = 255;
  private static final Logger log = LoggerFactory.getLogger(FileService.class);

  private final FileStore files;
  private final BlobStore blobs;
  private final Identifiers identifiers;
  private final Clock clock;

  /// The collaborators are closed by whoever made them.
  public FileService(FileStore files, BlobStore blobs, Identifiers identifiers, Clock clock) {
    this.files = files;
    this.blobs = blobs;
    this.identifiers = identifiers;
    this.clock = clock;
  }

  /// What a file that is to be stored will be called.
  ///
  /// @param filename without folders and control characters
  /// @param expiresAt if the file were stored now
  public record Description(
      String filename, FilePurpose purpose, Instant createdAt, Optional<Instant> expiresAt) {}

  /// Stores a file. When this returns, bytes and row are durable.
  public StoredFile upload(UploadRequest request) {
    StoredFile file = prepare(request, BYTES_MAX);
    try {
      files.insert(file);
    } catch (RuntimeException e) {
      discard(file.id());
      throw e;
    }
    return file;
  }

  /// Stores the bytes of a user's file; the caller inserts its row, in the transaction that needs
  /// it.
  public StoredFile prepare(UploadRequest request, long bytesMax) {
    Description file =
        describe(request.filename(), request.purpose(), request.expiresAfterSeconds());
    String id = identifiers.file();
    BlobStore.Written written = write(id, request.content(), bytesMax);
    if (written.bytes() == 0) {
      discard(id);
      throw new ApiException(
          ErrorCode.INVALID_REQUEST,
          "The file '" + file.filename() + "' is empty: 0 bytes arrived. Send at least one row.",
          Optional.of("file"));
    }
    return row(id, file.filename(), file.purpose(), written, file.createdAt(), file.expiresAt());
  }

  /// Checks what a user wants to store.
  public Description describe(String given, String purposeText, OptionalLong expiresAfterSeconds) {
    FilePurpose purpose =
        FilePurpose.of(purposeText)
            .filter(FilePurpose::uploadable)
            .orElseThrow(() ->
                ApiException.invalidValue("purpose", purposeText, FilePurpose.uploadableTexts()));
    String filename = plainName(given);
    if (purpose == FilePurpose.FINE_TUNE && !mayHoldRows(filename)) {
      throw new ApiException(
          ErrorCode.INVALID_REQUEST,
          "Invalid file format for Fine-Tuning API. Must be .jsonl",
          Optional.empty());
    }
    Instant now = clock.instant();
    OptionalLong kept =
        expiresAfterSeconds.isEmpty() && purpose == FilePurpose.BATCH
            ? OptionalLong.of(EXPIRY_SECONDS_MAX)
            : expiresAfterSeconds;
    return new Description(filename, purpose, now, expiry(kept, now));
  }

  /// A name without any ending passes: Python's client calls bytes that have no name `upload`.
  private static boolean mayHoldRows(String filename) {
    return filename.toLowerCase(Locale.ROOT).endsWith(".jsonl") || filename.indexOf('.') < 0;
  }

  /// Stores a file that the server itself has made; the caller inserts its row, in the transaction
  /// that needs it.
  public StoredFile prepare(String filename, FilePurpose purpose, InputStream content) {
    return prepare(filename, purpose, content, OptionalLong.empty());
  }

  /// As [#prepare(String, FilePurpose, InputStream)], for a file that is kept for a time.
  public StoredFile prepare(
      String filename, FilePurpose purpose, InputStream content, OptionalLong expiresAfterSeconds) {
    Instant now = clock.instant();
    Optional<Instant> expiresAt = expiry(expiresAfterSeconds, now);
    String id = identifiers.file();
    BlobStore.Written written = write(id, content, MADE_BYTES_MAX);
    return row(id, filename, purpose, written, now, expiresAt);
  }

  private static StoredFile row(
      String id,
      String filename,
      FilePurpose purpose,
      BlobStore.Written written,
      Instant now,
      Optional<Instant> expiresAt) {
    return new StoredFile(
        id,
        written.bytes(),
        now,
        expiresAt,
        filename,
        purpose,
        FileStatus.PROCESSED,
        Optional.empty(),
        written.sha256());
  }

  private BlobStore.Written write(String id, InputStream content, long bytesMax) {
    try {
      return blobs.write(id, content, bytesMax);
    } catch (BlobStore.TooLargeException e) {
      throw new ApiException(
          ErrorCode.TOO_LARGE,
          "The file is too large: a file may have "
              + bytesMax
              + " bytes at most, and more arrived.",
          Optional.of("file"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot store " + id, e);
    }
  }

  private void discard(String id) {
    try {
      blobs.delete(id);
    } catch (IOException e) {
      log.warn("the bytes of {} stay behind; the next start removes them", id, e);
    }
  }

  public StoredFile get(String id) {
    return find(id).orElseThrow(() -> ApiException.noSuchFile(id));
  }

  private Optional<StoredFile> find(String id) {
    return id.matches(StoredFile.ID_PATTERN) ? files.find(id, clock.instant()) : Optional.empty();
  }

  public Page<StoredFile> list(FileQuery query) {
    return files
        .list(query, clock.instant())
        .map(rows -> Page.cut(rows, query.page().limit()))
        .orElseThrow(() ->
            ApiException.invalidValue(
                "after",
                query.page().after().orElse(""),
                "It is not the id of an entry of this list."));
  }

  /// The file is unknown from now on; jobs that hold it go on reading its bytes.
  public void delete(String id) {
    if (find(id).isEmpty() || !files.markDeleted(id, clock.instant())) {
      throw ApiException.noSuchFile(id);
    }
    purge();
  }

  /// The caller closes the stream.
  public FileContent open(String id) {
    StoredFile file = get(id);
    try {
      return new FileContent(file, blobs.open(id));
    } catch (IOException e) {
      throw new UncheckedIOException("the bytes of " + id + " cannot be read", e);
    }
  }

  /// Removes what is deleted or expired and no unfinished job holds. Cheap when there is nothing.
  public void purge() {
    files.purge(clock.instant()).forEach(this::discard);
  }

  /// Removes what an earlier life of the server left behind; to be called before the first upload.
  public void sweep() throws IOException {
    blobs.sweepUnfinished();
    purge();
    List<String> strays =
        blobs.keys().stream()
            .filter(key -> !key.startsWith(PARTS) && !files.references(key))
            .toList();
    strays.forEach(this::discard);
    if (!strays.isEmpty()) {
      log.info("removed {} blobs that no row named", strays.size());
    }
  }

  private static Optional<Instant> expiry(OptionalLong expiresAfterSeconds, Instant now) {
    if (expiresAfterSeconds.isEmpty()) {
      return Optional.empty();
    }
    long seconds = expiresAfterSeconds.getAsLong();
    checkExpiry("expires_after[seconds]", seconds);
    return Optional.of(now.plusSeconds(seconds));
  }

  /// How long a file may be kept that is not kept for ever.
  public static void checkExpiry(String param, long seconds) {
    if (seconds < EXPIRY_SECONDS_MIN) {
      throw ApiException.integerBelow(param, EXPIRY_SECONDS_MIN, seconds);
    }
    if (seconds > EXPIRY_SECONDS_MAX) {
      throw ApiException.integerAbove(param, EXPIRY_SECONDS_MAX, seconds);
    }
  }

  /// The last part of what the client calls the file, without characters that a header or a
  /// terminal would act on.
  private static String plainName(String given) {
    String last = given.substring(Math.max(given.lastIndexOf('/'), given.lastIndexOf('\\')) + 1);
    String printable = last.replaceAll("\\p{Cntrl}", "").strip();
    String name =
        printable.length() <= FILE_NAME_LENGTH_MAX
            ? printable
            : printable.substring(printable.length() - FILE_NAME_LENGTH_MAX);
    return name.isEmpty() ? "file" : name;
  }
}
