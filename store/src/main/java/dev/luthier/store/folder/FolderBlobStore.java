package dev.luthier.store.folder;

import dev.luthier.platform.files.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Blobs as files of one folder. Unfinished ones lie in a second folder of the same file system.
public final class FolderBlobStore implements BlobStore {
  private static final String KEY = "[A-Za-z0-9_-]{1,80}";
  private static final String HALF = "blob-";

  private final Path folder;
  private final Path temporary;
  private final AtomicLong writes = new AtomicLong();

  /// Makes both folders if they are missing.
  public FolderBlobStore(Path folder, Path temporary) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.temporary = Files.createDirectories(temporary);
  }

  @Override
  public Written write(String key, InputStream content, long mostBytes) throws IOException {
    Path target = path(key);
    Path half = temporary.resolve(HALF + key + "-" + writes.incrementAndGet());
    Written written = Durable.write(half, content, mostBytes);
    Durable.reveal(half, target);
    return written;
  }

  @Override
  public InputStream open(String key) throws IOException {
    return Files.newInputStream(path(key));
  }

  @Override
  public Path local(String key) {
    return path(key);
  }

  @Override
  public void delete(String key) throws IOException {
    Files.deleteIfExists(path(key));
  }

  @Override
  public List<String> keys() throws IOException {
    return Durable.names(folder).stream().filter(name -> name.matches(KEY)).toList();
  }

  @Override
  public void sweepUnfinished() throws IOException {
    for (String name : Durable.names(temporary)) {
      if (name.startsWith(HALF)) {
        Durable.remove(temporary.resolve(name));
      }
    }
  }

  private Path path(String key) {
    return folder.resolve(Durable.plain(key, KEY));
  }
}
