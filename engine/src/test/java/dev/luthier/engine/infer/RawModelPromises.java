package dev.luthier.engine.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.model.Families;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What holds for the engine's own kernels on each kind of processor: they compute what LibTorch
/// does, and a sequence's result depends on nothing but itself.
abstract class RawModelPromises<A extends BatchModel.Adapter> {
  private final Precision precision;
  private final double tolerance;

  @TempDir Path folder;
  Path base = Path.of("unset");

  /// @param precision of the path through LibTorch that logits are held against
  /// @param tolerance root mean square of the difference of two rows of logits, over that of the
  ///   row
  RawModelPromises(Precision precision, double tolerance) {
    this.precision = precision;
    this.tolerance = tolerance;
  }

  @BeforeEach
  void aBase() throws IOException {
    base = SmallLlama.write(folder.resolve("base"), 1);
  }

  GeneratorSettings settings(int threads) {
    return new GeneratorSettings(precision, 8, 32, 4, threads);
  }

  LlamaModel llama() throws IOException {
    return (LlamaModel) Families.open(base, Precision.BF16);
  }

  abstract RawModel<A> model(int threads) throws IOException;

  @Test
  void logitsAreThoseOfThePortablePath() throws Exception {
    Set<LinearName> some = EnumSet.of(LinearName.K_PROJ, LinearName.UP_PROJ, LinearName.O_PROJ);
    List<AdapterRef> adapters =
        List.of(
            SmallLlama.adapter(base, folder.resolve("a"), 2, 16, SmallLlama.all()),
            SmallLlama.adapter(base, folder.resolve("b"), 3, 5, some),
            SmallLlama.adapter(base, folder.resolve("c"), 4, 40, SmallLlama.all()));
    List<List<float[]>> expected;
    List<List<float[]>> found;
    try (var portable = new TensorModel(Families.open(base, precision));
        var own = model(2)) {
      expected = Feeding.mixed(portable, adapters);
      found = Feeding.mixed(own, adapters);
    }
    for (int i = 0; i < expected.size(); i++) {
      for (int pass = 0; pass < expected.get(i).size(); pass++) {
        double off = Feeding.off(expected.get(i).get(pass), found.get(i).get(pass));
        assertTrue(off < tolerance, "sequence " + i + " pass " + pass + " is off by " + off);
      }
    }
    // Without its adapter the first sequence would be far off.
    assertTrue(
        Feeding.off(expected.getFirst().getLast(), expected.get(1).getLast()) > 10 * tolerance);
  }

  @Test
  void aSequenceGetsTheSameBitsInAnyCompanyPiecesAndNumberOfThreads() throws Exception {
    AdapterRef ref = SmallLlama.adapter(base, folder.resolve("a"), 2, 16, SmallLlama.all());
    int[] tokens = Feeding.prompt(5, 210);
    List<float[]> alone = new ArrayList<>();
    for (int threads : new int[] {1, 2, 3}) {
      try (var model = model(threads)) {
        A adapter = model.load(ref);
        var fed = new Feeding.Fed<>(model, tokens, 200, Optional.of(adapter));
        if (threads == 1) {
          Feeding.run(model, 200, List.of(fed));
        } else {
          var neighbour =
              new Feeding.Fed<>(model, Feeding.prompt(6, 210), 210, Optional.of(adapter));
          var other = new Feeding.Fed<>(model, Feeding.prompt(7, 210), 210, Optional.<A>empty());
          Feeding.run(model, 7, List.of(other));
          Feeding.run(model, 65, List.of(neighbour, fed));
          Feeding.run(model, 100, List.of(neighbour, fed, other));
          Feeding.run(model, 35, List.of(fed, other));
          other.close();
          neighbour.close();
        }
        for (int i = 0; i < 10; i++) {
          Feeding.run(model, 1, List.of(fed));
        }
        if (threads == 1) {
          alone.addAll(fed.logits());
        }
        for (int i = 0; i < 11; i++) {
          assertArrayEquals(
              alone.get(alone.size() - 11 + i), fed.logits().get(fed.logits().size() - 11 + i));
        }
        fed.close();
        adapter.close();
      }
    }
  }

  @Test
  void aKnownBeginningIsNotReadAgainAndChangesNothing() throws Exception {
    int[] first = Feeding.prompt(5, 100);
    int[] second =
        IntStream.concat(Arrays.stream(first, 0, 77), Arrays.stream(Feeding.prompt(6, 60)))
            .toArray();
    AdapterRef ref = SmallLlama.adapter(base, folder.resolve("a"), 2, 16, SmallLlama.all());
    try (var fresh = model(2);
        var model = model(2)) {
      var expected = new Feeding.Fed<>(fresh, second, second.length, Optional.<A>empty());
      Feeding.run(fresh, second.length, List.of(expected));
      expected.close();

      A adapter = model.load(ref);
      var before = new Feeding.Fed<>(model, first, first.length, Optional.<A>empty());
      Feeding.run(model, 100, List.of(before));
      before.close();
      var adapted = new Feeding.Fed<>(model, second, second.length, Optional.of(adapter));
      assertEquals(0, adapted.read());
      Feeding.run(model, second.length, List.of(adapted));
      adapted.close();

      var again = new Feeding.Fed<>(model, second, second.length, Optional.<A>empty());
      assertEquals(77, again.read());
      Feeding.run(model, second.length - 77, List.of(again));
      assertArrayEquals(expected.logits().getLast(), again.logits().getLast());
      assertFalse(Arrays.equals(adapted.logits().getLast(), again.logits().getLast()));
      again.close();

      var same = new Feeding.Fed<>(model, second, second.length, Optional.of(adapter));
      assertEquals(second.length - 1, same.read());
      same.close();
      adapter.close();
      A reloaded = model.load(ref);
      var forgotten = new Feeding.Fed<>(model, second, second.length, Optional.of(reloaded));
      assertEquals(0, forgotten.read());
      forgotten.close();
      reloaded.close();
    }
  }

  @Test
  void keptPromptsStayWithinTheirBytes() throws Exception {
    try (var model = model(1)) {
      var config = model.config();
      long each = new RawCacheSize(config, 100).bytes();
      try (var store = new PrefixStore(config, 3 * each)) {
        for (int i = 0; i < 5; i++) {
          try (var cache = read(config, Feeding.prompt(i, 100))) {
            store.keep(cache);
          }
        }
        for (int i = 0; i < 5; i++) {
          try (var cache = new RawCache(config, Feeding.prompt(i, 100), Optional.empty(), 100)) {
            store.recall(cache);
            assertEquals(i < 2 ? 0 : 99, cache.length(), "prompt " + i);
          }
        }
      }
    }
  }

  private record RawCacheSize(ModelConfig config, int rows) {
    long bytes() {
      return 2L * config.layers() * rows * config.kvHeads() * config.headDim() * Short.BYTES;
    }
  }

  private static RawCache read(ModelConfig config, int[] prompt) {
    var cache = new RawCache(config, prompt, Optional.empty(), prompt.length);
    cache.reserve(prompt.length);
    cache.advance(prompt.length);
    return cache;
  }

  @Test
  void aGeneratorGivesASeedTheSameTokensAloneAndInABatch() throws Exception {
    AdapterRef ref = SmallLlama.adapter(base, folder.resolve("a"), 2, 16, SmallLlama.all());
    try (Generator generator = Generator.open(base, settings(2))) {
      List<List<Integer>> alone = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        alone.add(submit(generator, i, ref).ids());
      }
      List<Collector> together =
          IntStream.range(0, 6).mapToObj(i -> submit(generator, i, ref)).toList();
      for (int i = 0; i < 6; i++) {
        assertEquals(alone.get(i), together.get(i).ids());
        assertEquals(40, alone.get(i).size());
      }
      assertNotEquals(alone.get(0), alone.get(2));
    }
  }

  @Test
  void aSinkHearsHowMuchOfItsPromptWasKnown() throws Exception {
    AdapterRef ref = SmallLlama.adapter(base, folder.resolve("a"), 2, 16, SmallLlama.all());
    try (Generator generator = Generator.open(base, settings(2))) {
      // Prompts of 30, 80 and 30 tokens; the third is the first again, with its adapter.
      assertEquals(0, submit(generator, 0, ref).cachedTokens());
      assertEquals(0, submit(generator, 1, ref).cachedTokens());
      assertEquals(29, submit(generator, 0, ref).cachedTokens());
    }
  }

  private static Collector submit(Generator generator, int seed, AdapterRef ref) {
    Collector sink = new Collector();
    generator.submit(
        new GenerationRequest(
            Feeding.prompt(seed / 2, 30 + 50 * seed),
            seed % 2 == 0 ? Optional.of(ref) : Optional.empty(),
            new SamplingSettings(1, 0.9, seed, 0, 0, Map.of(), -1),
            40,
            Set.of()),
        sink);
    return sink;
  }
}
