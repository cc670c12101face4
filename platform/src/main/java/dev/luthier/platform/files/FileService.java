package dev.luthier.platform.files;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Page;
import java.time.Clock;

/// Uploads, lists, opens and deletes files. Safe for many threads.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // Bodies follow.
public final class FileService {
  /// The most bytes of one file; one more is refused.
  public static final long BYTES_MAX = 536_870_912;

  /// The services' collaborators live as long as it does and are closed by whoever made them.
  public FileService(FileStore files, BlobStore blobs, Identifiers identifiers, Clock clock) {}

  /// Stores a file. When this returns, bytes and row are durable.
  public StoredFile upload(UploadRequest request) {
    throw new UnsupportedOperationException(request.filename());
  }

  public StoredFile get(String id) {
    throw new UnsupportedOperationException(id);
  }

  public Page<StoredFile> list(FileQuery query) {
    throw new UnsupportedOperationException(query.toString());
  }

  /// The file is unknown from now on; jobs that hold it go on reading its bytes.
  public void delete(String id) {
    throw new UnsupportedOperationException(id);
  }

  /// The caller closes the stream.
  public FileContent open(String id) {
    throw new UnsupportedOperationException(id);
  }
}
