package dev.luthier.platform.inference;

import java.nio.file.Path;

/// What an inference process must know: the base it serves.
public record InferenceJob(String baseId, Path baseFolder) {}
