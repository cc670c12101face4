package dev.luthier.http.api;

import dev.luthier.platform.keys.ApiKey;
import dev.luthier.platform.keys.KeyStore;
import java.util.ArrayList;
import java.util.List;

/// Keys in memory.
final class MemoryKeys implements KeyStore {
  private final List<ApiKey> rows = new ArrayList<>();

  @Override
  public synchronized List<String> hashes() {
    return rows.stream().map(ApiKey::hash).toList();
  }

  @Override
  public synchronized boolean exists(Origin origin) {
    return rows.stream().anyMatch(key -> key.origin() == origin);
  }

  @Override
  public synchronized void add(ApiKey key) {
    rows.add(key);
  }

  @Override
  public synchronized List<ApiKey> all() {
    return List.copyOf(rows);
  }

  @Override
  public synchronized boolean remove(String hash) {
    return rows.removeIf(key -> key.hash().equals(hash));
  }

  @Override
  public synchronized void removeAll(Origin origin) {
    rows.removeIf(key -> key.origin() == origin);
  }
}
