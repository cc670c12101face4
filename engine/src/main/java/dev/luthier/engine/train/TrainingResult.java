package dev.luthier.engine.train;

/// How a run ended: finished, or stopped on request with its state kept. A finished one has done
/// all its steps, or its patience was over. `trainedTokens` counts the tokens of all completed
/// steps, of earlier processes too.
public record TrainingResult(boolean finished, int completedSteps, long trainedTokens) {}
