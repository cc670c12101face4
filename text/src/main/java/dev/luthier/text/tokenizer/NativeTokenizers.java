package dev.luthier.text.tokenizer;

import ai.djl.huggingface.tokenizers.jni.CharSpan;
import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The native tokenizer library: where it is unpacked, and one tokenizer of it.
///
/// Its own Java wrapper is passed by: that fetches seven arrays for every text where we want one or
/// two, cuts at 512 tokens by default, and does not stop a thread that encodes while another
/// closes.
public final class NativeTokenizers {
  private static final String CACHE_PROPERTY = "DJL_CACHE_DIR";
  private static final String FLAVOR_PROPERTY = "RUST_FLAVOR";

  private NativeTokenizers() {}

  /// Says where the native library is unpacked when it is first used; by default a folder in the
  /// user's home. The environment variable `DJL_CACHE_DIR` wins. Has no effect once a tokenizer was
  /// loaded.
  public static void unpackInto(Path folder) {
    System.setProperty(CACHE_PROPERTY, folder.toAbsolutePath().toString());
  }

  private static TokenizersLibrary library() {
    // Without a flavor the loader looks for a GPU, and downloads a build for the one it finds.
    if (System.getProperty(FLAVOR_PROPERTY) == null) {
      System.setProperty(FLAVOR_PROPERTY, "cpu");
    }
    LibUtils.checkStatus();
    return TokenizersLibrary.LIB;
  }

  /// One tokenizer in native memory.
  static final class Handle implements AutoCloseable {
    private final TokenizersLibrary library = library();
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final long address;
    private boolean closed;

    Handle(String tokenizerJson) {
      address = library.createTokenizerFromString(tokenizerJson);
      library.disablePadding(address);
      library.disableTruncation(address);
    }

    int[] encode(String text, boolean postProcessed) {
      lock.readLock().lock();
      try {
        requireOpen();
        long encoding = library.encode(address, text, postProcessed);
        try {
          return narrow(library.getTokenIds(encoding));
        } finally {
          library.deleteEncoding(encoding);
        }
      } finally {
        lock.readLock().unlock();
      }
    }

    /// Ids, and for each the character of the text at which it starts.
    TokenizedText encodeWithStarts(String text) {
      lock.readLock().lock();
      try {
        requireOpen();
        long encoding = library.encode(address, text, false);
        try {
          int[] ids = narrow(library.getTokenIds(encoding));
          return new TokenizedText(ids, starts(library.getTokenCharSpans(encoding), text));
        } finally {
          library.deleteEncoding(encoding);
        }
      } finally {
        lock.readLock().unlock();
      }
    }

    String decode(int[] ids, boolean withoutControl) {
      lock.readLock().lock();
      try {
        requireOpen();
        return library.decode(address, widen(ids), withoutControl);
      } finally {
        lock.readLock().unlock();
      }
    }

    @Override
    public void close() {
      lock.writeLock().lock();
      try {
        if (!closed) {
          closed = true;
          library.deleteTokenizer(address);
        }
      } finally {
        lock.writeLock().unlock();
      }
    }

    private void requireOpen() {
      if (closed) {
        throw new IllegalStateException("the tokenizer is closed");
      }
    }

    /// The library counts characters, Java counts UTF-16 units; spans come in order.
    private static int[] starts(CharSpan[] spans, String text) {
      int[] starts = new int[spans.length];
      int characters = 0;
      int units = 0;
      for (int t = 0; t < spans.length; t++) {
        int start = spans[t].getStart();
        if (start < characters) {
          units = text.offsetByCodePoints(units, start - characters);
        } else {
          units = text.offsetByCodePoints(units, Math.min(start - characters, text.length()));
        }
        characters = start;
        starts[t] = units;
      }
      return starts;
    }

    private static int[] narrow(long[] values) {
      int[] ids = new int[values.length];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = Math.toIntExact(values[i]);
      }
      return ids;
    }

    private static long[] widen(int[] ids) {
      long[] values = new long[ids.length];
      for (int i = 0; i < ids.length; i++) {
        values[i] = ids[i];
      }
      return values;
    }
  }
}
