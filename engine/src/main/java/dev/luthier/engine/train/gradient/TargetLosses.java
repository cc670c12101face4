package dev.luthier.engine.train.gradient;

/// What a model makes of the targets of a pack, in the pack's order.
public final class TargetLosses {
  private final float[] losses;
  private final boolean[] right;

  TargetLosses(float[] losses, boolean[] right) {
    if (losses.length != right.length) {
      throw new IllegalArgumentException(
          "%d losses, but %d marks".formatted(losses.length, right.length));
    }
    this.losses = losses;
    this.right = right;
  }

  /// With marks that are 1 where the model is right, and else 0.
  static TargetLosses of(float[] losses, float[] marks) {
    var right = new boolean[marks.length];
    for (int i = 0; i < marks.length; i++) {
      right[i] = marks[i] > 0;
    }
    return new TargetLosses(losses, right);
  }

  public int count() {
    return losses.length;
  }

  /// Minus the logarithm of the target's probability.
  public float loss(int target) {
    return losses[target];
  }

  /// Whether the model would have chosen the target.
  public boolean isRight(int target) {
    return right[target];
  }
}
