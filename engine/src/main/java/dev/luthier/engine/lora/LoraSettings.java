package dev.luthier.engine.lora;

import dev.luthier.engine.model.LinearName;
import java.util.EnumSet;
import java.util.Set;

/// What an adapter looks like: rank, alpha (its product is scaled by alpha / rank), dropout on the
/// adapter's input while training, and the linears it attaches to.
public record LoraSettings(int rank, double alpha, double dropout, Set<LinearName> targets) {
  public static final int RANK_MAX = 512;

  public LoraSettings {
    if (rank < 1 || rank > RANK_MAX) {
      throw new IllegalArgumentException("rank %d is not within 1 to %d".formatted(rank, RANK_MAX));
    }
    if (!(alpha > 0) || Double.isInfinite(alpha)) {
      throw new IllegalArgumentException("alpha %s is not a positive number".formatted(alpha));
    }
    if (!(dropout >= 0 && dropout < 1)) {
      throw new IllegalArgumentException(
          "dropout %s is not within 0 to below 1".formatted(dropout));
    }
    if (targets.isEmpty()) {
      throw new IllegalArgumentException("an adapter needs at least one linear to attach to");
    }
    targets = Set.copyOf(targets);
  }

  /// Rank 16, alpha 32, no dropout, all seven linears.
  public static LoraSettings standard() {
    return new LoraSettings(16, 32, 0, EnumSet.allOf(LinearName.class));
  }

  public double scale() {
    return alpha / rank;
  }
}
