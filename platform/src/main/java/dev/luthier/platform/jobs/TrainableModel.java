package dev.luthier.platform.jobs;

import java.util.Optional;

/// A model that a job can start from.
///
/// @param name as the job shows it: never an alias
/// @param adapterId of a fine-tune, whose adapter is trained on; a base has none
public record TrainableModel(String name, String baseId, Optional<String> adapterId) {}
