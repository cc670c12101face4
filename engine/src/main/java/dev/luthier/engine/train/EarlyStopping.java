package dev.luthier.engine.train;

/// Ends a run that no longer gets better: after `patience` epochs in a row whose full validation
/// loss is not lower than the lowest before by more than `minDelta`.
public record EarlyStopping(int patience, double minDelta) {
  public EarlyStopping {
    if (patience < 1) {
      throw new IllegalArgumentException(
          "patience is %d; it must be at least 1".formatted(patience));
    }
    if (!(minDelta >= 0) || Double.isInfinite(minDelta)) {
      throw new IllegalArgumentException(
          "minDelta is %s; it must be 0 or more".formatted(minDelta));
    }
  }
}
