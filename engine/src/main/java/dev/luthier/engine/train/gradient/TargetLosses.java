package dev.luthier.engine.train.gradient;

import dev.luthier.engine.train.TrainingExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/// Losses target by target, for objectives that weigh them.
public final class TargetLosses {
  private TargetLosses() {}

  /// The losses of each example's targets, in order. Examples are told apart by identity, so none
  /// may come twice.
  ///
  /// @param rowsMax of a pack
  public static List<float[]> of(
      GradientSource source, List<TrainingExample> examples, int rowsMax) {
    var losses = new IdentityHashMap<TrainingExample, float[]>();
    for (var pack : Pack.of(examples, rowsMax, source.sharesPrefixes())) {
      var all = source.losses(pack);
      for (var place : pack.places()) {
        int first = place.firstTarget();
        var own = Arrays.copyOfRange(all, first, first + place.example().targets());
        if (losses.put(place.example(), own) != null) {
          throw new IllegalArgumentException("an example comes twice");
        }
      }
    }
    var inOrder = new ArrayList<float[]>();
    for (var example : examples) {
      inOrder.add(losses.getOrDefault(example, new float[0]));
    }
    return inOrder;
  }
}
