package dev.luthier.engine.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.model.Families;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The path on vectors against LibTorch's in fp32, and against itself in other company.
class VectorModelTest {
  /// Root mean square of the difference of two rows of logits, over that of the row: weights in
  /// bytes are off by up to half of 1/127 of a channel's largest.
  private static final double TOLERANCE = 0.03;

  @TempDir Path folder;
  private Path base = Path.of("unset");

  @BeforeEach
  void aBase() throws IOException {
    base = SmallLlama.write(folder.resolve("base"), 1);
  }

  private VectorModel model(int threads) throws IOException {
    var llama = (LlamaModel) Families.open(base, Precision.BF16);
    assertTrue(VectorWeights.fit(llama));
    return new VectorModel(llama, new GeneratorSettings(Precision.FP32, 8, 32, 4, threads));
  }

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
    try (var portable = new TensorModel(Families.open(base, Precision.FP32));
        var vectors = model(2)) {
      expected = Feeding.mixed(portable, adapters);
      found = Feeding.mixed(vectors, adapters);
    }
    for (int i = 0; i < expected.size(); i++) {
      for (int pass = 0; pass < expected.get(i).size(); pass++) {
        double off = Feeding.off(expected.get(i).get(pass), found.get(i).get(pass));
        assertTrue(off < TOLERANCE, "sequence " + i + " pass " + pass + " is off by " + off);
      }
    }
    // Without its adapter the first sequence would be far off.
    double apart = Feeding.off(expected.getFirst().getLast(), expected.get(1).getLast());
    assertTrue(apart > 10 * TOLERANCE);
  }

  @Test
  void aSequenceGetsTheSameBitsInAnyCompanyPiecesAndNumberOfThreads() throws Exception {
    AdapterRef ref = SmallLlama.adapter(base, folder.resolve("a"), 2, 16, SmallLlama.all());
    int[] tokens = Feeding.prompt(5, 210);
    List<float[]> alone = new ArrayList<>();
    for (int threads : new int[] {1, 2, 3}) {
      try (var model = model(threads)) {
        VectorAdapter adapter = model.load(ref);
        var fed = new Feeding.Fed<>(model, tokens, 200, Optional.of(adapter));
        if (threads == 1) {
          Feeding.run(model, 200, List.of(fed));
        } else {
          int[] others = Feeding.prompt(6, 210);
          var neighbour = new Feeding.Fed<>(model, others, 210, Optional.of(adapter));
          var other =
              new Feeding.Fed<>(
                  model, Feeding.prompt(7, 210), 210, Optional.<VectorAdapter>empty());
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
        for (int i = 1; i <= 11; i++) {
          assertArrayEquals(alone.get(alone.size() - i), fed.logits().get(fed.logits().size() - i));
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
    try (var fresh = model(2);
        var model = model(2)) {
      var none = Optional.<VectorAdapter>empty();
      var expected = new Feeding.Fed<>(fresh, second, second.length, none);
      Feeding.run(fresh, second.length, List.of(expected));
      expected.close();

      var before = new Feeding.Fed<>(model, first, first.length, none);
      Feeding.run(model, 100, List.of(before));
      before.close();
      var again = new Feeding.Fed<>(model, second, second.length, none);
      assertEquals(77, again.read());
      Feeding.run(model, second.length - 77, List.of(again));
      assertArrayEquals(expected.logits().getLast(), again.logits().getLast());
      assertFalse(Arrays.equals(before.logits().getLast(), again.logits().getLast()));
      again.close();
    }
  }
}
