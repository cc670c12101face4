package dev.luthier.engine.train;

import dev.luthier.engine.model.MasterWeights;
import java.util.List;

/// Draws answers from what is trained.
public interface Answering {
  /// An answer that is wanted. The same seed, prompt and weights give the same answer.
  record Wanted(Prompt prompt, long seed) {}

  /// Answers in the order in which they are wanted, from the weights as they are now.
  List<Answer> draw(MasterWeights weights, List<Wanted> wanted);
}
