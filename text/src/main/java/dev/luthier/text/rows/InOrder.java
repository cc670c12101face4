package dev.luthier.text.rows;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/// Computes a result for each element on a few threads, and hands the results on in the elements'
/// order, on the caller's thread. So what is made of them does not depend on the threads.
///
/// It runs ahead by a limited number of characters. An element that is larger than a batch is
/// computed alone and by the caller, so that memory is what it would be without threads. Belongs to
/// one thread.
///
/// @param <T> the elements
/// @param <R> the results
public final class InOrder<T, R> implements AutoCloseable {
  private static final int THREADS_MAX = 4;
  private static final int BATCH_ELEMENTS = 64;
  private static final long BATCH_CHARACTERS = 1 << 18;
  private static final int BATCHES_PER_THREAD = 3;

  private final Function<T, R> work;
  private final ToLongFunction<T> characters;
  private final Consumer<R> sink;
  private final int batchesMax;
  private final ExecutorService threads;
  private final ArrayDeque<Future<List<R>>> ahead = new ArrayDeque<>();
  private List<T> batch = new ArrayList<>();
  private long batchCharacters;

  /// Starts no thread before there is work.
  ///
  /// @param name what its threads are called
  /// @param work called on those threads; safe for many
  /// @param characters how large an element is, about
  /// @param sink gets each result
  public InOrder(String name, Function<T, R> work, ToLongFunction<T> characters, Consumer<R> sink) {
    this.work = work;
    this.characters = characters;
    this.sink = sink;
    int size = Math.min(THREADS_MAX, Runtime.getRuntime().availableProcessors());
    this.batchesMax = BATCHES_PER_THREAD * size;
    this.threads =
        Executors.newFixedThreadPool(
            size, Thread.ofPlatform().name(name + "-", 0).daemon().factory());
  }

  /// Takes an element; may compute and hand on others. What `work` throws for an earlier element
  /// comes out here.
  ///
  /// @throws InterruptedIOException if this thread is interrupted
  public void add(T element) throws IOException {
    long size = characters.applyAsLong(element);
    if (size > BATCH_CHARACTERS) {
      finish();
      sink.accept(work.apply(element));
      return;
    }
    batch.add(element);
    batchCharacters += size;
    if (batch.size() == BATCH_ELEMENTS || batchCharacters > BATCH_CHARACTERS) {
      send();
    }
  }

  private void send() throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    if (ahead.size() == batchesMax) {
      deliver();
    }
    List<T> sent = batch;
    ahead.add(threads.submit(() -> sent.stream().map(work).toList()));
    batch = new ArrayList<>();
    batchCharacters = 0;
  }

  /// Hands on every result that is outstanding.
  public void finish() throws IOException {
    send();
    while (!ahead.isEmpty()) {
      deliver();
    }
  }

  private void deliver() throws IOException {
    try {
      ahead.remove().get().forEach(sink);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while rows were read");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }

  /// Drops what is outstanding and ends the threads.
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
