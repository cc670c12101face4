package dev.luthier.platform.chat;

import dev.luthier.platform.models.ResolvedModel;

/// A checked request to a model that exists.
public record GenerationCall(ResolvedModel.Callable model, GenerationRequest request) {}
