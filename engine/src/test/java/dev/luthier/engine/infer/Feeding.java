package dev.luthier.engine.infer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Sequences that are fed to a model by hand, pass by pass.
final class Feeding {
  private Feeding() {}

  static int[] prompt(long seed, int length) {
    return new Random(seed).ints(length, 0, SmallLlama.VOCABULARY).toArray();
  }

  /// A sequence that is fed by hand, and the logits that came behind its rows.
  static final class Fed<C extends BatchModel.Cache, A extends BatchModel.Adapter> {
    private final int[] tokens;
    private final C cache;
    private final Optional<A> adapter;
    private final List<float[]> logits = new ArrayList<>();

    Fed(BatchModel<C, A> model, int[] tokens, int promptLength, Optional<A> adapter) {
      this.tokens = tokens;
      this.adapter = adapter;
      this.cache = model.begin(Arrays.copyOf(tokens, promptLength), adapter, tokens.length);
    }

    List<float[]> logits() {
      return logits;
    }

    /// Tokens that the model has read.
    int read() {
      return cache.length();
    }

    void close() {
      cache.close();
    }

    BatchModel.Rows<C, A> next(int rows) {
      int from = cache.length();
      return new BatchModel.Rows<>(
          cache, adapter, Arrays.copyOfRange(tokens, from, from + rows), true);
    }
  }

  static <C extends BatchModel.Cache, A extends BatchModel.Adapter> void run(
      BatchModel<C, A> model, int rows, List<Fed<C, A>> fed) {
    model.run(
        fed.stream().map(each -> each.next(rows)).toList(),
        (index, logits) -> fed.get(index).logits.add(logits.clone()));
  }

  /// Three adapters' and the base's sequences side by side, prompts in pieces, then token by token,
  /// while the batch shrinks: the logits behind every pass, sequence by sequence.
  static <C extends BatchModel.Cache, A extends BatchModel.Adapter> List<List<float[]>> mixed(
      BatchModel<C, A> model, List<AdapterRef> adapters) throws IOException {
    List<Fed<C, A>> fed = new ArrayList<>();
    List<A> loaded = new ArrayList<>();
    for (int i = 0; i < adapters.size(); i++) {
      loaded.add(model.load(adapters.get(i)));
      fed.add(new Fed<>(model, prompt(10 + i, 95), 90, Optional.of(loaded.get(i))));
    }
    fed.add(new Fed<>(model, prompt(20, 95), 90, Optional.empty()));
    fed.add(new Fed<>(model, prompt(21, 95), 90, Optional.empty()));
    for (int rows : new int[] {40, 49, 1, 1, 1, 1}) {
      run(model, rows, fed);
    }
    while (fed.size() > 3) {
      fed.removeLast().cache.close();
    }
    run(model, 1, fed);
    fed.forEach(each -> each.cache.close());
    loaded.forEach(BatchModel.Adapter::close);
    return fed.stream().map(each -> each.logits).toList();
  }

  static double off(float[] expected, float[] found) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow(expected[i] - found[i], 2);
      size += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / size);
  }
}
