package dev.luthier.engine.train;

/// How a run ended: all steps done, or stopped on request with its state kept. `trainedTokens`
/// counts the tokens of all completed steps, of earlier processes too.
public record TrainingResult(boolean finished, int completedSteps, long trainedTokens) {}
