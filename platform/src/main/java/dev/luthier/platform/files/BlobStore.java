package dev.luthier.platform.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/// Port: bytes under names that the server made. Safe for many threads.
///
/// Keys match `[A-Za-z0-9_-]{1,80}`; anything else is an `IllegalArgumentException`.
public interface BlobStore {
  /// What was written, counted and hashed on the way.
  record Written(long bytes, String sha256) {}

  /// Thrown when a stream held more than was allowed; nothing of it stays.
  final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1;

    public TooLargeException(long mostBytes) {
      super("more than " + mostBytes + " bytes");
    }
  }

  /// Writes everything or nothing. When this returns the bytes are durable and visible under `key`,
  /// replacing what was there. `content` is read to its end and not closed.
  Written write(String key, InputStream content, long mostBytes) throws IOException;

  /// The caller closes the stream. A missing key is a `NoSuchFileException`.
  InputStream open(String key) throws IOException;

  /// A readable local file with the blob's bytes; it may vanish when the blob is deleted.
  Path local(String key) throws IOException;

  /// Does nothing when there is no such key.
  void delete(String key) throws IOException;

  /// All keys, for the sweep at start.
  List<String> keys() throws IOException;

  /// Removes what unfinished writes have left behind; to be called before the first write.
  void sweepUnfinished() throws IOException;
}
