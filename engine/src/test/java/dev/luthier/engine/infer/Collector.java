package dev.luthier.engine.infer;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A sink that keeps what it hears. Its tokens may be read once `reason` returned.
class Collector implements TokenSink {
  private static final long PATIENCE_SECONDS = 60;

  private final Predicate<Collector> goOn;
  private final CompletableFuture<EndReason> end = new CompletableFuture<>();
  private final List<GeneratedToken> tokens = new ArrayList<>();
  private int promptTokens;
  private int cachedTokens;

  Collector() {
    this(_ -> true);
  }

  /// Asks `goOn` after every token.
  Collector(Predicate<Collector> goOn) {
    this.goOn = goOn;
  }

  @Override
  public void prefilled(int count, int cached) {
    promptTokens = count;
    cachedTokens = cached;
  }

  @Override
  public boolean token(GeneratedToken token) {
    tokens.add(token);
    return goOn.test(this);
  }

  @Override
  public void end(EndReason reason) {
    end.complete(reason);
  }

  @Override
  public void failed(Throwable cause) {
    end.completeExceptionally(cause);
  }

  EndReason reason() throws Exception {
    return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  int heard() {
    return tokens.size();
  }

  int cachedTokens() throws Exception {
    reason();
    return cachedTokens;
  }

  int promptTokens() throws Exception {
    reason();
    return promptTokens;
  }

  List<Integer> ids() throws Exception {
    reason();
    return tokens.stream().map(GeneratedToken::id).toList();
  }

  List<GeneratedToken> tokens() throws Exception {
    reason();
    return tokens;
  }
}
