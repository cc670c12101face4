package dev.luthier.engine.infer;

import dev.luthier.engine.model.ModelConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// A base model as a generator runs it: in passes over the next rows of many sequences, each with
/// its own keys and values and, if it likes, its own adapter.
///
/// All calls come from the generator's thread. What a sequence gets does not depend on the others
/// of its pass.
///
/// @param <C> keys and values of a sequence
/// @param <A> an adapter's matrices in the form this model multiplies them
interface BatchModel<C extends BatchModel.Cache, A extends BatchModel.Adapter>
    extends AutoCloseable {
  /// What a sequence has been read of, for the rows that follow.
  interface Cache extends AutoCloseable {
    /// Tokens that are read.
    int length();

    @Override
    void close();
  }

  /// An adapter in memory. Outlives the caches of the sequences that use it.
  interface Adapter extends AutoCloseable {
    @Override
    void close();
  }

  /// The next tokens of one sequence.
  ///
  /// @param sampled whether the logits behind the last of them are wanted
  // Made for one pass and never compared.
  @SuppressWarnings("ArrayRecordComponent")
  record Rows<C, A>(C cache, Optional<A> adapter, int[] tokens, boolean sampled) {}

  /// Takes logits as they become ready.
  @FunctionalInterface
  interface LogitsReader {
    /// The logits [V] behind the rows numbered `index`; they are the reader's until it returns.
    void read(int index, float[] logits);
  }

  ModelConfig config();

  /// Reads an adapter's folder.
  A load(AdapterRef adapter) throws IOException;

  /// The cache of a sequence that begins with a prompt and grows to `rowsMax` tokens at most. It
  /// may hold the beginning of the prompt already, never all of it.
  C begin(int[] prompt, Optional<A> adapter, int rowsMax);

  /// Reads rows of different sequences; those with the same adapter lie side by side. Then every
  /// cache is longer by its rows, and the logits asked for are handed over in order.
  void run(List<Rows<C, A>> pass, LogitsReader reader);

  @Override
  void close();
}
