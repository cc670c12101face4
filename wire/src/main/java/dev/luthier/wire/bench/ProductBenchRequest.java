package dev.luthier.wire.bench;

/// Whose matrix products to measure.
///
/// @param model the base's id
/// @param baseFolder where its configuration is
public record ProductBenchRequest(String model, String baseFolder) {}
