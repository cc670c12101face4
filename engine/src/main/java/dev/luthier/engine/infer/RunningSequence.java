package dev.luthier.engine.infer;

import java.util.Optional;

/// A sequence that was admitted: with its cache, its sampler and its adapter's matrices.
final class RunningSequence<C extends BatchModel.Cache, A extends BatchModel.Adapter>
    implements AutoCloseable {
  private final Sequence sequence;
  private final Optional<LoadedAdapters.Lease<A>> lease;
  private final C cache;
  private final int recalled;
  private final Sampler sampler;

  RunningSequence(
      Sequence sequence, Optional<LoadedAdapters.Lease<A>> lease, BatchModel<C, A> model) {
    GenerationRequest request = sequence.request();
    this.sequence = sequence;
    this.lease = lease;
    this.cache =
        model.begin(
            request.prompt(),
            lease.map(LoadedAdapters.Lease::adapter),
            request.prompt().length + request.maxTokens());
    this.recalled = cache.length();
    this.sampler = new Sampler(request.sampling());
  }

  Sequence sequence() {
    return sequence;
  }

  Optional<LoadedAdapters.Lease<A>> lease() {
    return lease;
  }

  C cache() {
    return cache;
  }

  /// Tokens of the prompt that were known when the sequence began.
  int recalled() {
    return recalled;
  }

  Sampler sampler() {
    return sampler;
  }

  /// Tokens that are known but not yet read: the rest of the prompt, or the one just generated.
  int unread() {
    return sequence.length() - cache.length();
  }

  /// The next `rows` of them.
  BatchModel.Rows<C, A> next(int rows) {
    int[] tokens = new int[rows];
    for (int i = 0; i < rows; i++) {
      tokens[i] = sequence.tokenAt(cache.length() + i);
    }
    return new BatchModel.Rows<>(
        cache, lease.map(LoadedAdapters.Lease::adapter), tokens, rows == unread());
  }

  @Override
  public void close() {
    cache.close();
  }
}
