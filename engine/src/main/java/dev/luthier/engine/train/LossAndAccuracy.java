package dev.luthier.engine.train;

/// Mean loss over targets (natural logarithm) and the share of them that the model would have
/// chosen.
public record LossAndAccuracy(double loss, double tokenAccuracy) {}
