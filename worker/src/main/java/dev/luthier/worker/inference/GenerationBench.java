package dev.luthier.worker.inference;

import dev.luthier.engine.infer.AdapterRef;
import dev.luthier.engine.infer.Generation;
import dev.luthier.engine.infer.GenerationRequest;
import dev.luthier.engine.infer.GeneratorSettings;
import dev.luthier.engine.infer.SamplingSettings;
import dev.luthier.wire.bench.GenerationBenchReport;
import dev.luthier.wire.bench.GenerationBenchReport.Decoding;
import dev.luthier.wire.bench.GenerationBenchRequest;
import dev.luthier.worker.ProcessFigures;
import dev.luthier.worker.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the model that answers chats for tokens, without a server, and takes the time.
///
/// Every prompt is made of other random tokens, so that nothing of an earlier one can be used
/// again; answers are greedy and no token ends them.
public final class GenerationBench {
  private static final Logger LOG = LoggerFactory.getLogger(GenerationBench.class);
  private static final long SEED = 42;
  private static final double SECOND_NANOS = 1e9;

  /// Streams answer from their first token on, while others' prompts are still read; so many tokens
  /// of that there is room for.
  private static final int AHEAD_MAX = 512;

  private final GenerationBenchRequest request;
  private final EngineModel model;
  private final List<AdapterRef> adapters;
  private final Random random = new Random(SEED);

  private GenerationBench(
      GenerationBenchRequest request, EngineModel model, List<AdapterRef> adapters) {
    this.request = request;
    this.model = model;
    this.adapters = adapters;
  }

  /// Measures every combination; one round before those that count warms compilers and caches.
  ///
  /// @throws IllegalArgumentException if the model or the batch has no room for what is asked
  public static GenerationBenchReport measure(GenerationBenchRequest request)
      throws IOException, InterruptedException {
    GeneratorSettings settings = GeneratorSettings.defaults();
    atMost("--concurrency", Collections.max(request.concurrency()), settings.batchMax());
    atMost("--adapters", Collections.max(request.adapters()), settings.adaptersMax());
    Path base = Path.of(request.baseFolder());
    try (var folder = TemporaryFolder.make("luthier-bench-");
        var model = EngineModel.open(base)) {
      double loadSeconds = ProcessFigures.seconds(Clock.systemUTC());
      atMost(
          "--prompt-tokens and --tokens together",
          (long) request.promptTokens() + request.tokens(),
          model.contextLength() - 1);
      int adapters = Collections.max(request.adapters());
      List<AdapterRef> made = RandomAdapters.write(base, folder.path(), adapters, SEED);
      return new GenerationBench(request, model, made).measure(loadSeconds);
    }
  }

  private static void atMost(String what, long asked, long most) {
    if (asked > most) {
      throw new IllegalArgumentException(
          "%s ask for %d; there is room for %d at most".formatted(what, asked, most));
    }
  }

  private GenerationBenchReport measure(double loadSeconds)
      throws IOException, InterruptedException {
    List<Double> prefill = new ArrayList<>();
    List<Double> first = new ArrayList<>();
    List<List<Double>> decode = new ArrayList<>();
    for (int i = 0; i < request.concurrency().size() * request.adapters().size(); i++) {
      decode.add(new ArrayList<>());
    }
    for (int round = 0; round <= request.repeats(); round++) {
      boolean counts = round > 0;
      StreamWatch alone = stream(1, 0, 0);
      add(prefill, counts, request.promptTokens() / (alone.prefilledNanos() / SECOND_NANOS));
      add(first, counts, alone.firstTokenNanos() / SECOND_NANOS);
      int at = 0;
      for (int streams : request.concurrency()) {
        for (int spread : request.adapters()) {
          StreamWatch together = stream(streams, spread, request.tokens());
          add(decode.get(at++), counts, together.tokensPerSecond());
          LOG.info(
              "{}, {} streams on {} adapters: {} tokens/s",
              counts ? "round %d of %d".formatted(round, request.repeats()) : "warm-up",
              streams,
              spread,
              "%.1f".formatted(together.tokensPerSecond()));
        }
      }
    }
    return new GenerationBenchReport(
        request.model(),
        request.promptTokens(),
        request.tokens(),
        request.repeats(),
        median(prefill),
        median(first),
        decodings(decode),
        loadSeconds,
        ProcessFigures.peakRssBytes());
  }

  private static void add(List<Double> figures, boolean counts, double figure) {
    if (counts) {
      figures.add(figure);
    }
  }

  private List<Decoding> decodings(List<List<Double>> figures) {
    List<Decoding> decodings = new ArrayList<>();
    for (int streams : request.concurrency()) {
      for (int spread : request.adapters()) {
        decodings.add(new Decoding(streams, spread, median(figures.get(decodings.size()))));
      }
    }
    return decodings;
  }

  /// Lets streams answer side by side until each of them has said `tokens` tokens after all of them
  /// have begun.
  private StreamWatch stream(int streams, int spread, int tokens) throws InterruptedException {
    int room = model.contextLength() - request.promptTokens();
    var watch = new StreamWatch(streams, tokens);
    List<Generation> generations = new ArrayList<>();
    try {
      for (int i = 0; i < streams; i++) {
        generations.add(
            model.submit(
                new GenerationRequest(
                    prompt(),
                    spread == 0 ? Optional.empty() : Optional.of(adapters.get(i % spread)),
                    SamplingSettings.greedy(),
                    Math.min(room, tokens + AHEAD_MAX),
                    Set.of()),
                watch.sink(i)));
      }
      watch.await();
    } finally {
      generations.forEach(Generation::cancel);
    }
    return watch;
  }

  private int[] prompt() {
    int[] prompt = new int[request.promptTokens()];
    for (int t = 0; t < prompt.length; t++) {
      do {
        prompt[t] = random.nextInt(model.text().tokenizer().vocabularySize());
      } while (model.text().tokenizer().isControl(prompt[t]));
    }
    return prompt;
  }

  private static double median(List<Double> figures) {
    List<Double> sorted = figures.stream().sorted().toList();
    int half = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(half)
        : (sorted.get(half - 1) + sorted.get(half)) / 2;
  }
}
