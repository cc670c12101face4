package dev.luthier.platform.batches;

import tools.jackson.databind.JsonNode;

/// One request of a batch.
///
/// @param number in its file, from 1
record BatchLine(int number, String customId, JsonNode body) {}
