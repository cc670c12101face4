package dev.luthier.engine.train.gradient;

import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.engine.train.TrainingExample;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Examples that begin with the same prompt.
public final class Prompts {
  private static final int TOKENS = 64;

  private Prompts() {}

  /// `length` tokens, the first `prompt` of them those of prompt number `common`; the targets begin
  /// at `firstTarget`.
  public static TrainingExample behind(
      int common, int prompt, int own, int length, int firstTarget) {
    var shared = new CounterRandom(1000 + common);
    var random = new CounterRandom(own);
    var tokens =
        IntStream.range(0, length)
            .map(t -> (t < prompt ? shared : random).below(TOKENS, t))
            .toArray();
    // Chance must not make a prompt longer than it is said to be.
    if (prompt < length) {
      tokens[prompt] = own % TOKENS;
    }
    var trained = new boolean[length];
    for (int t = firstTarget; t < length; t++) {
      trained[t] = t % 7 != 0 || t == firstTarget || t == length - 1;
    }
    return new TrainingExample(tokens, trained);
  }

  /// Four rows that differ right after `prompt` tokens, one of which trains from the second of its
  /// own tokens on and one has `most` of its own; between them two of another, short prompt, and
  /// one that shares nothing.
  public static List<TrainingExample> of(int prompt, int most) {
    return List.of(
        behind(1, prompt, 1, prompt + 40, prompt + 9),
        behind(2, 21, 2, 50, 30),
        behind(1, prompt, 3, prompt + 5, prompt + 1),
        behind(1, prompt, 4, prompt + most, prompt + most / 2),
        behind(3, 0, 5, 33, 11),
        behind(1, prompt, 6, prompt + 12, prompt + 2),
        behind(2, 21, 7, 70, 25));
  }

  /// The same, and a row that is nothing but the prompt and one target behind it.
  static List<TrainingExample> withOneThatIsAllPrompt(int prompt, int most) {
    var all = new ArrayList<>(of(prompt, most));
    all.add(3, behind(1, prompt, 8, prompt + 1, prompt));
    return List.copyOf(all);
  }
}
