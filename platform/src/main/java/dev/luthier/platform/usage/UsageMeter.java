package dev.luthier.platform.usage;

import dev.luthier.platform.chat.CallOrigin;
import dev.luthier.platform.chat.GenerationCall;
import dev.luthier.platform.chat.GenerationSink;
import dev.luthier.platform.chat.Inference;
import dev.luthier.platform.chat.PassingSink;
import dev.luthier.platform.chat.Usage;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Counts the tokens of generations. They are written every few seconds, not one by one: a crash
/// may lose those of the last ones. Safe for many threads.
public final class UsageMeter {
  private final UsageStore store;
  private final Clock clock;
  private Map<Place, TokensUsed> unwritten = new HashMap<>();

  private record Place(Instant minute, String model, boolean batch) {}

  public UsageMeter(UsageStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /// The same generations, counted.
  public Inference over(Inference next) {
    return (call, sink) -> generate(next, call, sink);
  }

  private void generate(Inference next, GenerationCall call, GenerationSink sink) {
    var counted = new Counted(sink);
    try {
      next.generate(call, counted);
    } finally {
      if (counted.begun) {
        add(call.model().name(), counted.used);
      }
    }
  }

  private synchronized void add(String model, Usage used) {
    var minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
    unwritten.merge(
        new Place(minute, model, CallOrigin.current() == CallOrigin.BATCH),
        new TokensUsed(used.promptTokens(), used.cachedTokens(), used.completionTokens(), 1),
        TokensUsed::plus);
  }

  /// Writes what was counted. When this returns it is durable; when it throws nothing is lost.
  public synchronized void flush() {
    if (unwritten.isEmpty()) {
      return;
    }
    List<UsageRecord> minutes = new ArrayList<>();
    unwritten.forEach((place, tokens) ->
        minutes.add(new UsageRecord(place.minute(), place.model(), place.batch(), tokens)));
    store.add(minutes);
    unwritten = new HashMap<>();
  }

  /// An answer that breaks off has read its prompt; what it wrote until then is not known.
  private static final class Counted implements PassingSink {
    private final GenerationSink next;
    private boolean begun;
    private Usage used = new Usage(0, 0);

    Counted(GenerationSink next) {
      this.next = next;
    }

    @Override
    public GenerationSink next() {
      return next;
    }

    @Override
    public void started(int promptTokens) {
      begun = true;
      used = new Usage(promptTokens, 0);
      next.started(promptTokens);
    }

    @Override
    public void usage(Usage total) {
      begun = true;
      used = total;
      next.usage(total);
    }
  }
}
