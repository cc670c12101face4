package dev.luthier.engine.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.infer.GenerationRefusedException.Reason;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.train.Tiny;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// On the tiny random model of the training tests, in fp32. Expected tokens and logprobs are
/// transformers' and peft's (`src/test/python/generation_fixture.py`).
class GeneratorTest {
  private static final Optional<AdapterRef> NONE = Optional.empty();
  private static final int CONTEXT = 128;

  @TempDir Path folder;

  private static Generator open(int batchMax, int queueMax, int adaptersMax) throws IOException {
    return Generator.open(
        Tiny.folder(), new GeneratorSettings(Precision.FP32, batchMax, queueMax, adaptersMax, 1));
  }

  private static Optional<AdapterRef> adapter(String name) {
    return Optional.of(new AdapterRef(name, Tiny.folder().resolve("adapter")));
  }

  // Never compared.
  @SuppressWarnings("ArrayRecordComponent")
  private record Case(int[] prompt, List<Integer> base, List<Integer> adapted, JsonNode json) {}

  private static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (var in = Objects.requireNonNull(GeneratorTest.class.getResourceAsStream("greedy.json"))) {
      for (JsonNode json : JsonMapper.shared().readTree(in)) {
        cases.add(
            new Case(
                json.get("prompt").valueStream().mapToInt(JsonNode::intValue).toArray(),
                json.get("base").get("tokens").valueStream().map(JsonNode::intValue).toList(),
                json.get("adapter").get("tokens").valueStream().map(JsonNode::intValue).toList(),
                json));
      }
    }
    return cases;
  }

  private static SamplingSettings seeded(long seed) {
    return new SamplingSettings(1, 0.95, seed, 0, 0, Map.of(), -1);
  }

  private static SamplingSettings greedyWith(int topLogprobs) {
    return new SamplingSettings(0, 1, 0, 0, 0, Map.of(), topLogprobs);
  }

  private static Collector submit(
      Generator generator,
      int[] prompt,
      Optional<AdapterRef> adapter,
      SamplingSettings sampling,
      int maxTokens) {
    Collector sink = new Collector();
    generator.submit(new GenerationRequest(prompt, adapter, sampling, maxTokens, Set.of()), sink);
    return sink;
  }

  private static int[] randomPrompt(long seed, int length) {
    return new Random(seed).ints(length, 3, 307).toArray();
  }

  @Test
  void greedyTokensAndLogprobsAreThoseOfTransformersAndPeft() throws Exception {
    try (Generator generator = open(1, 8, 1)) {
      for (Case each : cases()) {
        int length = each.base().size();
        check(
            each.json().get("base"), submit(generator, each.prompt(), NONE, greedyWith(0), length));
        check(
            each.json().get("adapter"),
            submit(generator, each.prompt(), adapter("a"), greedyWith(0), length));
      }
    }
  }

  private static void check(JsonNode expected, Collector found) throws Exception {
    for (int i = 0; i < expected.get("tokens").size(); i++) {
      assertEquals(expected.get("tokens").get(i).intValue(), found.tokens().get(i).id());
      assertEquals(
          expected.get("logprobs").get(i).floatValue(), found.tokens().get(i).logprob(), 1e-4f);
    }
    assertEquals(EndReason.LENGTH, found.reason());
  }

  @Test
  void aBatchOfMixedAdaptersGivesEachWhatItGetsAlone() throws Exception {
    List<Case> cases = cases();
    // Batches of 3 of 12 make sequences join and leave while others run; of 16, all run together.
    for (int batchMax : new int[] {3, 16}) {
      try (Generator generator = open(batchMax, 32, 2)) {
        List<Collector> base = new ArrayList<>();
        List<Collector> adapted = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
          int length = cases.get(i).base().size() - i; // Different ends.
          base.add(
              submit(generator, cases.get(i).prompt(), NONE, SamplingSettings.greedy(), length));
          Optional<AdapterRef> one = adapter(i % 2 == 0 ? "a" : "b");
          adapted.add(
              submit(generator, cases.get(i).prompt(), one, SamplingSettings.greedy(), length));
        }
        for (int i = 0; i < cases.size(); i++) {
          int length = cases.get(i).base().size() - i;
          assertEquals(cases.get(i).base().subList(0, length), base.get(i).ids());
          assertEquals(cases.get(i).adapted().subList(0, length), adapted.get(i).ids());
          assertEquals(cases.get(i).prompt().length, base.get(i).promptTokens());
        }
      }
    }
  }

  @Test
  void whatTheCacheRemembersIsWhatReadingAllAgainGives() throws Exception {
    int[] prompt = randomPrompt(1, 30);
    try (Generator generator = open(4, 8, 1)) {
      List<GeneratedToken> cached =
          submit(generator, prompt, adapter("a"), greedyWith(20), 40).tokens();
      for (int i = 0; i < cached.size(); i += 3) {
        int[] longer =
            IntStream.concat(
                    Arrays.stream(prompt),
                    cached.subList(0, i).stream().mapToInt(GeneratedToken::id))
                .toArray();
        GeneratedToken again =
            submit(generator, longer, adapter("a"), greedyWith(20), 1).tokens().getFirst();
        assertEquals(cached.get(i).id(), again.id());
        for (int k = 0; k < 20; k++) {
          assertEquals(cached.get(i).top().get(k).logprob(), again.top().get(k).logprob(), 1e-4f);
        }
      }
    }
  }

  @Test
  void promptsThatDoNotFitOnePassAreReadInPieces() throws Exception {
    List<int[]> prompts = IntStream.range(0, 7).mapToObj(i -> randomPrompt(100 + i, 100)).toList();
    assertTrue(7 * 100 > 2 * DecodeStep.ROWS_MAX);
    try (Generator alone = open(1, 8, 1);
        Generator together = open(8, 8, 1)) {
      CountDownLatch submitted = new CountDownLatch(1);
      // Holds the generator's thread until all are queued, so that one pass finds them all.
      Collector gate = new Collector(_ -> waitedFor(submitted));
      together.submit(
          new GenerationRequest(new int[] {5}, NONE, SamplingSettings.greedy(), 2, Set.of()), gate);
      List<Collector> batched = new ArrayList<>();
      for (int[] prompt : prompts) {
        batched.add(submit(together, prompt, NONE, greedyWith(0), 8));
      }
      submitted.countDown();
      for (int i = 0; i < prompts.size(); i++) {
        List<GeneratedToken> single =
            submit(alone, prompts.get(i), NONE, greedyWith(0), 8).tokens();
        for (int t = 0; t < single.size(); t++) {
          assertEquals(single.get(t).id(), batched.get(i).tokens().get(t).id());
          assertEquals(single.get(t).logprob(), batched.get(i).tokens().get(t).logprob(), 1e-4f);
        }
      }
    }
  }

  private static boolean waitedFor(CountDownLatch latch) {
    try {
      latch.await();
      return true;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aSeedGivesTheSameTokensAloneAndInABatchAndAnotherSeedOthers() throws Exception {
    int[] prompt = randomPrompt(2, 20);
    try (Generator generator = open(8, 16, 1)) {
      List<List<Integer>> alone = new ArrayList<>();
      for (int seed = 0; seed < 6; seed++) {
        alone.add(submit(generator, prompt, NONE, seeded(seed), 30).ids());
      }
      List<Collector> together =
          IntStream.range(0, 6)
              .mapToObj(seed -> submit(generator, prompt, NONE, seeded(seed), 30))
              .toList();
      for (int seed = 0; seed < 6; seed++) {
        assertEquals(alone.get(seed), together.get(seed).ids());
      }
      assertEquals(6, Set.copyOf(alone).size());
    }
  }

  @Test
  void greedySamplingIgnoresTheSeed() throws Exception {
    try (Generator generator = open(1, 8, 1)) {
      Case one = cases().getFirst();
      SamplingSettings other = new SamplingSettings(0, 0.3, 99, 0, 0, Map.of(), -1);
      assertEquals(
          one.base(), submit(generator, one.prompt(), NONE, other, one.base().size()).ids());
    }
  }

  @Test
  void anEndTokenEndsWithoutBeingHandedOut() throws Exception {
    Case one = cases().getFirst();
    int end = one.base().get(2);
    List<Integer> before = one.base().subList(0, one.base().indexOf(end));
    try (Generator generator = open(1, 8, 1)) {
      Collector sink = new Collector();
      generator.submit(
          new GenerationRequest(
              one.prompt(), NONE, SamplingSettings.greedy(), 20, Set.of(end, 300)),
          sink);
      assertEquals(EndReason.STOP_TOKEN, sink.reason());
      assertEquals(before, sink.ids());
    }
  }

  @Test
  void aSinkThatHasEnoughStopsItsGeneration() throws Exception {
    try (Generator generator = open(1, 8, 1)) {
      Collector sink = new Collector(self -> self.heard() < 4);
      generator.submit(
          new GenerationRequest(randomPrompt(3, 5), NONE, seeded(1), 50, Set.of()), sink);
      assertEquals(EndReason.STOPPED, sink.reason());
      assertEquals(4, sink.heard());
    }
  }

  @Test
  void aSinkThatThrowsFailsAlone() throws Exception {
    try (Generator generator = open(4, 8, 1)) {
      IllegalStateException broken = new IllegalStateException("reader gone");
      Collector thrower =
          new Collector(_ -> {
            throw broken;
          });
      generator.submit(
          new GenerationRequest(randomPrompt(3, 5), NONE, seeded(1), 50, Set.of()), thrower);
      Collector neighbour = submit(generator, randomPrompt(4, 5), NONE, seeded(2), 20);
      assertEquals(broken, assertThrows(ExecutionException.class, thrower::reason).getCause());
      assertEquals(20, neighbour.ids().size());
    }
  }

  @Test
  void aCancelledGenerationEndsWithinOneStep() throws Exception {
    try (Generator generator = open(4, 8, 1)) {
      CountDownLatch cancelled = new CountDownLatch(1);
      Collector sink = new Collector(self -> self.heard() != 3 || waitedFor(cancelled));
      Generation generation =
          generator.submit(
              new GenerationRequest(randomPrompt(3, 5), NONE, seeded(1), 100, Set.of()), sink);
      generation.cancel();
      generation.cancel();
      cancelled.countDown();
      assertEquals(EndReason.CANCELLED, sink.reason());
      assertTrue(sink.heard() <= 3, "heard " + sink.heard());
      assertEquals(5, submit(generator, randomPrompt(3, 5), NONE, seeded(1), 5).ids().size());
    }
  }

  @Test
  void aWaitingRequestCanBeCancelledAndAFullQueueRefuses() throws Exception {
    try (Generator generator = open(1, 2, 1)) {
      CountDownLatch go = new CountDownLatch(1);
      CountDownLatch started = new CountDownLatch(1);
      Collector first =
          new Collector(_ -> {
            started.countDown();
            return waitedFor(go);
          });
      generator.submit(
          new GenerationRequest(randomPrompt(3, 5), NONE, seeded(1), 10, Set.of()), first);
      started.await();
      Collector second = new Collector();
      Generation waiting =
          generator.submit(
              new GenerationRequest(randomPrompt(3, 5), NONE, seeded(1), 10, Set.of()), second);
      Collector third = submit(generator, randomPrompt(3, 5), NONE, seeded(1), 10);
      GenerationRefusedException full =
          assertThrows(
              GenerationRefusedException.class,
              () -> submit(generator, randomPrompt(3, 5), NONE, seeded(1), 10));
      assertEquals(Reason.QUEUE_FULL, full.reason());
      waiting.cancel();
      go.countDown();
      assertEquals(EndReason.CANCELLED, second.reason());
      assertEquals(0, second.heard());
      assertEquals(first.ids(), third.ids());
    }
  }

  @Test
  void whatDoesNotFitTheModelIsRefused() throws Exception {
    Generator generator = open(1, 8, 1);
    try (generator) {
      assertEquals(CONTEXT, generator.contextLength());
      assertEquals(28, submit(generator, randomPrompt(3, 100), NONE, seeded(1), 28).ids().size());
      assertEquals(
          Reason.CONTEXT_TOO_LONG, refusal(generator, randomPrompt(3, 100), seeded(1), 29));
      assertEquals(
          Reason.CONTEXT_TOO_LONG,
          refusal(generator, randomPrompt(3, 100), seeded(1), Integer.MAX_VALUE));
      assertEquals(Reason.INVALID_TOKEN, refusal(generator, new int[] {307}, seeded(1), 1));
      assertEquals(Reason.INVALID_TOKEN, refusal(generator, new int[] {-1}, seeded(1), 1));
      SamplingSettings biased = new SamplingSettings(1, 1, 0, 0, 0, Map.of(400, 1f), -1);
      assertEquals(Reason.INVALID_TOKEN, refusal(generator, new int[] {5}, biased, 1));
    }
    assertEquals(Reason.CLOSED, refusal(generator, new int[] {5}, seeded(1), 1));
  }

  private static Reason refusal(
      Generator generator, int[] prompt, SamplingSettings sampling, int maxTokens) {
    return assertThrows(
            GenerationRefusedException.class,
            () -> submit(generator, prompt, NONE, sampling, maxTokens))
        .reason();
  }

  @Test
  void closingCancelsWhatRuns() throws Exception {
    Generator generator = open(1, 8, 1);
    CountDownLatch started = new CountDownLatch(1);
    Collector sink =
        new Collector(_ -> {
          started.countDown();
          return true;
        });
    generator.submit(new GenerationRequest(new int[] {5}, NONE, seeded(1), 127, Set.of()), sink);
    Collector waiting = submit(generator, new int[] {5}, NONE, seeded(1), 127);
    started.await();
    generator.close();
    generator.close();
    assertTrue(Set.of(EndReason.CANCELLED, EndReason.LENGTH).contains(sink.reason()));
    assertEquals(EndReason.CANCELLED, waiting.reason());
  }

  @Test
  void oneAdapterAtATimeInMemoryStillServesMany() throws Exception {
    Case one = cases().getFirst();
    try (Generator generator = open(8, 16, 1)) {
      List<Collector> all =
          IntStream.range(0, 6)
              .mapToObj(i ->
                  submit(
                      generator, one.prompt(), adapter("a" + i % 3), SamplingSettings.greedy(), 10))
              .toList();
      for (Collector each : all) {
        assertEquals(one.adapted().subList(0, 10), each.ids());
      }
    }
  }

  @Test
  void anUnloadedAdapterIsReadAgain() throws Exception {
    Case one = cases().getFirst();
    assertNotEquals(one.base(), one.adapted());
    Path copy = Files.createDirectory(folder.resolve("copy"));
    for (String name : List.of("adapter_config.json", "adapter_model.safetensors")) {
      Files.copy(Tiny.folder().resolve("adapter").resolve(name), copy.resolve(name));
    }
    Optional<AdapterRef> adapter = Optional.of(new AdapterRef("copy", copy));
    try (Generator generator = open(2, 8, 2)) {
      assertEquals(
          one.adapted(),
          submit(generator, one.prompt(), adapter, SamplingSettings.greedy(), 24).ids());
      Path config = copy.resolve("adapter_config.json");
      Files.writeString(
          config,
          Files.readString(config).replace("\"lora_alpha\": 8", "\"lora_alpha\": 0.000001"));
      assertEquals(
          one.adapted(),
          submit(generator, one.prompt(), adapter, SamplingSettings.greedy(), 24).ids());
      generator.unload("copy");
      assertEquals(
          one.base(),
          submit(generator, one.prompt(), adapter, SamplingSettings.greedy(), 24).ids());
    }
  }

  @Test
  void anAdapterThatCannotBeReadFailsItsRequestOnly() throws Exception {
    try (Generator generator = open(4, 8, 1)) {
      Collector broken =
          submit(
              generator,
              new int[] {5},
              Optional.of(new AdapterRef("x", folder.resolve("none"))),
              seeded(1),
              5);
      Collector fine = submit(generator, new int[] {5}, NONE, seeded(1), 5);
      assertInstanceOf(
          IOException.class, assertThrows(ExecutionException.class, broken::reason).getCause());
      assertEquals(5, fine.ids().size());
    }
  }

  @Test
  void aFolderThatHoldsNoModelIsRefusedWhenItIsOpened() throws Exception {
    Path broken = Files.createDirectory(folder.resolve("broken"));
    GeneratorSettings settings = GeneratorSettings.defaults();
    assertThrows(IOException.class, () -> Generator.open(broken, settings).close());
    Files.copy(
        Tiny.folder().resolve("config.json"),
        broken.resolve("config.json"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThrows(IOException.class, () -> Generator.open(broken, settings).close());
  }
}
