package dev.luthier.engine.infer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// A base packed for one kind of processor, and the buffers of its passes.
///
/// @param <A> an adapter's matrices as they are multiplied there
interface RawPass<A extends BatchModel.Adapter> extends AutoCloseable {
  /// Bytes of packed weights.
  long weightBytes();

  /// Reads a PEFT folder. The adapter tells `whenClosed` at its end.
  A read(Path folder, Consumer<A> whenClosed) throws IOException;

  /// Reads the rows, then lets `read` be known, then hands over the logits that are asked for.
  void run(List<BatchModel.Rows<RawCache, A>> pass, Runnable read, BatchModel.LogitsReader reader);

  @Override
  void close();
}
