package dev.luthier.store.folder;

import dev.luthier.platform.models.AdapterStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Adapters as folders of one folder; staged ones lie in a second folder of the same file system.
///
/// Safe for many threads as long as no two publish the same id at once, which the ids see to.
public final class FolderAdapterStore implements AdapterStore {
  private static final String ID = "[A-Za-z0-9_-]{1,80}";
  private static final String FILE = "[A-Za-z0-9_.-]{1,80}";
  private static final String STAGED = "adapter-";
  private static final long MANIFEST_BYTES_MAX = 1 << 20;

  /// What `manifest.json` says.
  record Manifest(Map<String, String> files, Map<String, String> about) {}

  private final Path folder;
  private final Path temporary;
  private final JsonMapper json =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /// Makes both folders if they are missing.
  public FolderAdapterStore(Path folder, Path temporary) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.temporary = Files.createDirectories(temporary);
  }

  @Override
  public String stage(String stagingId, String name, InputStream content, long mostBytes)
      throws IOException {
    Path staging = Files.createDirectories(staging(stagingId));
    Path target = staging.resolve(fileName(name));
    Path half = staging.resolve(name + ".half");
    String sum = Durable.write(half, content, mostBytes).sha256();
    Durable.reveal(half, target);
    return sum;
  }

  private static String fileName(String name) {
    if (name.equals(MANIFEST) || name.endsWith(".half")) {
      throw new IllegalArgumentException("the name " + name + " is kept for the store itself");
    }
    return Durable.plain(name, FILE);
  }

  @Override
  public void publish(
      String stagingId, String adapterId, Map<String, String> sha256s, Map<String, String> about)
      throws IOException {
    Path target = folder(adapterId);
    if (Files.exists(target) && manifest(adapterId).files().equals(sha256s)) {
      discardStaged(stagingId);
      return;
    }
    Path staging = staging(stagingId);
    if (sha256s.isEmpty()) {
      throw new DamagedException("an adapter of no files: " + stagingId);
    }
    compare(stagingId, staging, sha256s);
    byte[] manifest =
        json.writeValueAsString(new Manifest(new TreeMap<>(sha256s), new TreeMap<>(about)))
            .getBytes(StandardCharsets.UTF_8);
    Path half = staging.resolve(MANIFEST + ".half");
    Durable.write(half, new ByteArrayInputStream(manifest), MANIFEST_BYTES_MAX);
    Durable.reveal(half, staging.resolve(MANIFEST));
    Durable.remove(target);
    Durable.reveal(staging, target);
  }

  /// Reads every file: they must be exactly those of `sha256s`, beside the manifest and what was
  /// left of a manifest half written.
  private static void compare(String id, Path place, Map<String, String> sha256s)
      throws IOException {
    Set<String> found = new TreeSet<>(Durable.names(place));
    found.removeIf(name -> name.endsWith(".half") || name.equals(MANIFEST));
    if (!found.equals(sha256s.keySet())) {
      throw new DamagedException(
          "%s has the files %s, but %s are named".formatted(id, found, sha256s.keySet()));
    }
    for (Map.Entry<String, String> file : sha256s.entrySet()) {
      String sum = Durable.sha256(place.resolve(fileName(file.getKey())));
      if (!sum.equals(file.getValue())) {
        throw new DamagedException(
            "%s of %s has the sum %s, but %s is named"
                .formatted(file.getKey(), id, sum, file.getValue()));
      }
    }
  }

  @Override
  public Map<String, String> verify(String adapterId) throws IOException {
    Map<String, String> sums = manifest(adapterId).files();
    compare(adapterId, folder(adapterId), sums);
    return sums;
  }

  @Override
  public String sha256(String adapterId, String name) throws IOException {
    String sum = manifest(adapterId).files().get(name);
    if (sum == null) {
      throw new DamagedException("the manifest of " + adapterId + " names no " + name);
    }
    return sum;
  }

  private Manifest manifest(String adapterId) throws IOException {
    try {
      return json.readValue(Files.readString(folder(adapterId).resolve(MANIFEST)), Manifest.class);
    } catch (JacksonException e) {
      throw new DamagedException(
          "the manifest of " + adapterId + " cannot be read: " + e.getOriginalMessage());
    }
  }

  @Override
  public Path folder(String adapterId) {
    return folder.resolve(Durable.plain(adapterId, ID));
  }

  @Override
  public void delete(String adapterId) throws IOException {
    Path target = folder(adapterId);
    if (Files.exists(target)) {
      // First out of sight, in one step: nobody opens half a folder.
      Path gone = temporary.resolve("deleted-" + adapterId);
      Durable.remove(gone);
      Durable.reveal(target, gone);
      Durable.remove(gone);
    }
  }

  @Override
  public void discardStaged(String stagingId) throws IOException {
    Durable.remove(staging(stagingId));
  }

  @Override
  public List<String> stagedIds() throws IOException {
    return Durable.names(temporary).stream()
        .filter(name -> name.startsWith(STAGED))
        .map(name -> name.substring(STAGED.length()))
        .filter(id -> id.matches(ID))
        .toList();
  }

  @Override
  public List<String> ids() throws IOException {
    return Durable.names(folder).stream().filter(name -> name.matches(ID)).toList();
  }

  private Path staging(String stagingId) {
    return temporary.resolve(STAGED + Durable.plain(stagingId, ID));
  }
}
