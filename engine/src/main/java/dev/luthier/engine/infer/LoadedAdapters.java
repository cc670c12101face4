package dev.luthier.engine.infer;

import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraWeights;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Adapters in memory, by name. The one used longest ago leaves when another needs its place; one
/// that a running sequence uses never does.
final class LoadedAdapters implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LoadedAdapters.class);

  /// One adapter's matrices and how many sequences use them.
  static final class Lease {
    private final Scope owner;
    private final LoraWeights weights;
    private final Path folder;
    private int users;
    private boolean forgotten;

    private Lease(Scope owner, LoraWeights weights, Path folder) {
      this.owner = owner;
      this.weights = weights;
      this.folder = folder;
    }

    LoraWeights weights() {
      return weights;
    }
  }

  private final ModelConfig config;
  private final Precision precision;
  private final int most;
  private final Map<String, Lease> byName = new LinkedHashMap<>(16, 0.75f, true);

  LoadedAdapters(ModelConfig config, Precision precision, int most) {
    this.config = config;
    this.precision = precision;
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
  Lease acquire(AdapterRef adapter) throws IOException {
    Lease known = byName.get(adapter.name());
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

  void release(Lease lease) {
    lease.users--;
    if (lease.users == 0 && lease.forgotten) {
      lease.owner.close();
    }
  }

  void unload(String name) {
    Lease lease = byName.remove(name);
    if (lease != null) {
      lease.forgotten = true;
      if (lease.users == 0) {
        lease.owner.close();
      }
    }
  }

  private void makePlace() {
    Iterator<Map.Entry<String, Lease>> oldestFirst = byName.entrySet().iterator();
    while (byName.size() >= most && oldestFirst.hasNext()) {
      Lease lease = oldestFirst.next().getValue();
      if (lease.users == 0) {
        oldestFirst.remove();
        lease.owner.close();
      }
    }
  }

  private Lease load(AdapterRef adapter) throws IOException {
    Scope owner = Scope.detached();
    try (LoraAdapter read = PeftFolder.read(adapter.folder(), config);
        Scope _ = Scope.open()) {
      LoraWeights weights = read.weightsOf(read.parameters().to(precision.dtype()).moveTo(owner));
      weights
          .pairs()
          .forEach(pair -> {
            pair.a().moveTo(owner);
            pair.b().moveTo(owner);
          });
      LOG.info(
          "adapter {} loaded from {}, rank {}",
          adapter.name(),
          adapter.folder(),
          read.settings().rank());
      return new Lease(owner, weights, adapter.folder());
    } catch (IOException | RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  @Override
  public void close() {
    byName.values().forEach(lease -> lease.owner.close());
    byName.clear();
  }
}
