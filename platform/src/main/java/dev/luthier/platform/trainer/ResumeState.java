package dev.luthier.platform.trainer;

/// Weights, moments, step and position after `step`; whoever asked closes the blob's stream.
public record ResumeState(int step, Blob blob) {}
