package dev.luthier.engine.infer;

import dev.luthier.engine.model.Decoder;
import java.util.Optional;

/// A sequence that was admitted: with its cache, its sampler and its adapter's matrices.
final class RunningSequence implements AutoCloseable {
  private final Sequence sequence;
  private final Optional<LoadedAdapters.Lease> lease;
  private final KeyValueCache cache;
  private final Sampler sampler;

  RunningSequence(Sequence sequence, Optional<LoadedAdapters.Lease> lease, Decoder decoder) {
    GenerationRequest request = sequence.request();
    this.sequence = sequence;
    this.lease = lease;
    this.cache =
        new KeyValueCache(
            decoder.config(),
            decoder.precision().dtype(),
            request.prompt().length + request.maxTokens());
    this.sampler = new Sampler(request.sampling());
  }

  Sequence sequence() {
    return sequence;
  }

  Optional<LoadedAdapters.Lease> lease() {
    return lease;
  }

  KeyValueCache cache() {
    return cache;
  }

  Sampler sampler() {
    return sampler;
  }

  /// Tokens that are known but not yet read: the rest of the prompt, or the one just generated.
  int unread() {
    return sequence.length() - cache.length();
  }

  @Override
  public void close() {
    cache.close();
  }
}
