package dev.luthier.engine.train;

/// The learning rate of a step: climbs linearly to its peak over the warm-up, then falls linearly
/// and would reach 0 one step after the last. A function of the step alone.
public record Schedule(double peak, int warmupSteps, int totalSteps) {
  public double at(int step) {
    if (step <= warmupSteps) {
      return peak * step / warmupSteps;
    }
    return peak * (totalSteps - step + 1) / (totalSteps - warmupSteps);
  }
}
