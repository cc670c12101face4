package dev.luthier.http.api;

import dev.luthier.platform.files.BlobStore;
import dev.luthier.platform.files.FileQuery;
import dev.luthier.platform.files.FileStore;
import dev.luthier.platform.files.StoredFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Files in memory.
final class MemoryFiles implements FileStore, BlobStore {

  private final List<StoredFile> rows = new CopyOnWriteArrayList<>();
  private final Map<String, byte[]> blobs = new ConcurrentHashMap<>();

  @Override
  public void insert(StoredFile file) {
    rows.add(file);
  }

  @Override
  public Optional<StoredFile> find(String id, Instant now) {
    return rows.stream().filter(file -> file.id().equals(id)).findFirst();
  }

  @Override
  public Optional<StoredFile> findHeld(String id) {
    return find(id, Instant.EPOCH);
  }

  @Override
  public Optional<List<StoredFile>> list(FileQuery query, Instant now) {
    var chosen =
        new ArrayList<>(
            rows.stream()
                .filter(file -> query.purpose().map(file.purpose()::equals).orElse(true))
                .toList());
    return Pages.cut(
        query.newestFirst() ? chosen.reversed() : chosen, StoredFile::id, query.page());
  }

  @Override
  public boolean markDeleted(String id, Instant now) {
    return rows.removeIf(file -> file.id().equals(id));
  }

  @Override
  public List<String> purge(Instant now) {
    return List.of();
  }

  @Override
  public boolean references(String id) {
    return find(id, Instant.EPOCH).isPresent();
  }

  @Override
  public Written write(String key, InputStream content, long mostBytes) throws IOException {
    var bytes = content.readAllBytes();
    if (bytes.length > mostBytes) {
      throw new TooLargeException(mostBytes);
    }
    blobs.put(key, bytes);
    return new Written(bytes.length, sha256(bytes));
  }

  @Override
  public InputStream open(String key) throws IOException {
    var bytes = blobs.get(key);
    if (bytes == null) {
      throw new NoSuchFileException(key);
    }
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public Path local(String key) {
    return Path.of(key);
  }

  @Override
  public void delete(String key) {
    blobs.remove(key);
  }

  @Override
  public List<String> keys() {
    return List.copyOf(blobs.keySet());
  }

  @Override
  public void sweepUnfinished() {}

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException never) {
      throw new AssertionError(never);
    }
  }
}
