package dev.luthier.engine.infer;

import dev.luthier.engine.model.ModelConfig;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// Keys and values of prompts that were read, so that the next prompt that begins alike, under the
/// same adapter, need not be read from its start: a system prompt, a conversation.
///
/// Only prompts' rows are kept. A row that was computed for an answer may differ in its last bits
/// from the same token read in a prompt, and then an answer would depend on who asked before. The
/// prompt used longest ago leaves when the bytes exceed their limit.
final class PrefixStore implements AutoCloseable {
  /// Shorter beginnings are not worth a copy.
  private static final int ROWS_LEAST = 16;

  private final ModelConfig config;
  private final long bytesMax;

  /// The one used longest ago first.
  private final Set<RawCache> kept = new LinkedHashSet<>();

  private long bytes;

  PrefixStore(ModelConfig config, long bytesMax) {
    this.config = config;
    this.bytesMax = bytesMax;
  }

  /// Gives a cache that is still empty the rows that are known of its prompt; the prompt's last
  /// token is left to read, for its logits.
  void recall(RawCache cache) {
    Optional<RawCache> best = best(cache.prompt(), cache.adapter());
    int rows = best.map(other -> shared(other, cache.prompt())).orElse(0);
    rows = Math.min(rows, cache.prompt().length - 1);
    if (best.isPresent() && rows >= ROWS_LEAST) {
      cache.take(best.get(), rows);
      kept.remove(best.get());
      kept.add(best.get());
    }
  }

  /// A sequence has read `rows` more; its prompt is kept once it is read.
  void advance(RawCache cache, int rows) {
    boolean promptWasUnread = cache.length() < cache.prompt().length;
    cache.advance(rows);
    if (promptWasUnread && cache.length() == cache.prompt().length) {
      keep(cache);
    }
  }

  /// Keeps a copy of a prompt that has just been read.
  void keep(RawCache cache) {
    int[] prompt = cache.prompt();
    if (prompt.length < ROWS_LEAST) {
      return;
    }
    Optional<RawCache> best = best(prompt, cache.adapter());
    int known = best.map(other -> shared(other, prompt)).orElse(0);
    if (known >= prompt.length - 1) {
      return;
    }
    if (best.isPresent() && known == best.get().prompt().length) {
      drop(best.get()); // The new one begins with all of it.
    }
    var copy = new RawCache(config, prompt, cache.adapter(), prompt.length);
    copy.take(cache, prompt.length);
    kept.add(copy);
    bytes += copy.bytes();
    Iterator<RawCache> oldestFirst = kept.iterator();
    while (bytes > bytesMax && oldestFirst.hasNext()) {
      RawCache oldest = oldestFirst.next();
      oldestFirst.remove();
      free(oldest);
    }
  }

  /// Forgets what was read under an adapter.
  void forget(BatchModel.Adapter adapter) {
    kept.removeIf(each -> {
      boolean his = each.adapter().equals(Optional.of(adapter));
      if (his) {
        free(each);
      }
      return his;
    });
  }

  private Optional<RawCache> best(int[] prompt, Optional<? extends BatchModel.Adapter> adapter) {
    RawCache best = null;
    int most = 0;
    for (RawCache each : kept) {
      int rows = each.adapter().equals(adapter) ? shared(each, prompt) : 0;
      if (rows > most) {
        best = each;
        most = rows;
      }
    }
    return Optional.ofNullable(best);
  }

  /// How many first tokens are the same.
  private static int shared(RawCache known, int[] prompt) {
    int difference = Arrays.mismatch(known.prompt(), prompt);
    return difference < 0 ? prompt.length : difference;
  }

  private void drop(RawCache cache) {
    kept.remove(cache);
    free(cache);
  }

  private void free(RawCache cache) {
    bytes -= cache.bytes();
    cache.close();
  }

  @Override
  public void close() {
    kept.forEach(this::free);
    kept.clear();
  }
}
