package dev.luthier.platform.estimate;

import dev.luthier.platform.models.BaseModel;
import java.io.IOException;
import java.util.Optional;

/// Port: measures how fast this machine trains a base, and answers by it. Takes some seconds the
/// first time and none later. Safe for many threads.
public interface PaceProbe {
  /// What this machine does with the base, measured now unless it is known.
  ///
  /// @param allWeights whether all of its weights are trained, not an adapter
  /// @throws IOException with a sentence for people, when nothing could be measured
  Pace measure(BaseModel base, boolean allWeights) throws IOException, InterruptedException;

  /// What was measured before, without measuring.
  Optional<Pace> known(BaseModel base, boolean allWeights) throws IOException;

  /// As [#measure], of answers that are drawn in training.
  DrawingPace measureDrawing(BaseModel base) throws IOException, InterruptedException;

  /// As [#known], of answers that are drawn in training.
  Optional<DrawingPace> knownDrawing(BaseModel base) throws IOException;
}
