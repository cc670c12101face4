package dev.luthier.platform;

import java.util.function.Supplier;

/// Port: makes several calls to the row stores one step, all or nothing.
///
/// Store methods called on the same thread inside `work` take part in the transaction; called
/// outside of one, each is a transaction of its own. Transactions are serialised (one writer at a
/// time), so what `work` has read cannot change before it commits. When [#call] has returned, the
/// rows are durable. An exception out of `work` rolls everything back and is rethrown. Nested calls
/// join the outer one. Keep `work` short and free of waiting: every other writer waits.
public interface Transactions {
  <T> T call(Supplier<T> work);

  default void run(Runnable work) {
    call(() -> {
      work.run();
      return true;
    });
  }
}
