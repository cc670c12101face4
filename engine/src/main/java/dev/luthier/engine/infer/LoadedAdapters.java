package dev.luthier.engine.infer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Adapters in memory, by name. The one used longest ago leaves when another needs its place; one
/// that a running sequence uses never does.
final class LoadedAdapters<A extends BatchModel.Adapter> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoadedAdapters.class);

  /// One adapter's matrices and how many sequences use them.
  static final class Lease<A extends BatchModel.Adapter> {
    private final A adapter;
    private final Path folder;
    private int users;
    private boolean forgotten;

    private Lease(A adapter, Path folder) {
      this.adapter = adapter;
      this.folder = folder;
    }

    A adapter() {
      return adapter;
    }
  }

  /// Reads an adapter's folder.
  @FunctionalInterface
  interface Reader<A> {
    A read(AdapterRef adapter) throws IOException;
  }

  private final Reader<A> reader;
  private final int most;
  private final Map<String, Lease<A>> byName = new LinkedHashMap<>(16, 0.75f, true);

  LoadedAdapters(Reader<A> reader, int most) {
    this.reader = reader;
    this.most = most;
  }

  /// Whether [#acquire] can succeed now: the adapter is here, or there is or can be made a place
  /// for it.
  boolean hasPlaceFor(AdapterRef adapter) {
    return byName.containsKey(adapter.name())
        || byName.size() < most
        || byName.values().stream().anyMatch(lease -> lease.users == 0);
  }

  /// The adapter's matrices, read on first use; give them back by [#release].
  Lease<A> acquire(AdapterRef adapter) throws IOException {
    Lease<A> known = byName.get(adapter.name());
    if (known != null && !known.folder.equals(adapter.folder())) {
      unload(adapter.name());
      known = null;
    }
    if (known == null) {
      makePlace();
      known = load(adapter);
      byName.put(adapter.name(), known);
    }
    known.users++;
    return known;
  }

  void release(Lease<A> lease) {
    lease.users--;
    if (lease.users == 0 && lease.forgotten) {
      lease.adapter.close();
    }
  }

  void unload(String name) {
    Lease<A> lease = byName.remove(name);
    if (lease != null) {
      lease.forgotten = true;
      if (lease.users == 0) {
        lease.adapter.close();
      }
    }
  }

  private void makePlace() {
    Iterator<Map.Entry<String, Lease<A>>> oldestFirst = byName.entrySet().iterator();
    while (byName.size() >= most && oldestFirst.hasNext()) {
      Lease<A> lease = oldestFirst.next().getValue();
      if (lease.users == 0) {
        oldestFirst.remove();
        lease.adapter.close();
      }
    }
  }

  private Lease<A> load(AdapterRef adapter) throws IOException {
    long start = System.nanoTime();
    A read = reader.read(adapter);
    LOG.info(
        "adapter {} loaded from {} in {} ms",
        adapter.name(),
        adapter.folder(),
        (System.nanoTime() - start) / 1_000_000);
    return new Lease<>(read, adapter.folder());
  }

  @Override
  public void close() {
    byName.values().forEach(lease -> lease.adapter.close());
    byName.clear();
  }
}
