package dev.luthier.http.api;

import dev.luthier.platform.models.AdapterStore;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Adapters that exist by name only: the public API never reads one.
final class MemoryAdapters implements AdapterStore {

  @Override
  public String stage(String stagingId, String name, InputStream content, long mostBytes) {
    throw new UnsupportedOperationException("the public API stages nothing");
  }

  @Override
  public void publish(
      String stagingId, String adapterId, Map<String, String> sha256s, Map<String, String> about) {
    throw new UnsupportedOperationException("the public API publishes nothing");
  }

  @Override
  public Map<String, String> verify(String adapterId) {
    return Map.of();
  }

  @Override
  public String sha256(String adapterId, String name) {
    return "0".repeat(64);
  }

  @Override
  public Path folder(String adapterId) {
    return Path.of("adapters", adapterId);
  }

  @Override
  public void delete(String adapterId) {}

  @Override
  public void discardStaged(String stagingId) {}

  @Override
  public List<String> ids() {
    return List.of();
  }

  @Override
  public List<String> stagedIds() {
    return List.of();
  }
}
