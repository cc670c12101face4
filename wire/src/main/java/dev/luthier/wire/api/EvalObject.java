package dev.luthier.wire.api;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// An eval. Times are Unix seconds.
public record EvalObject(
    String object,
    String id,
    String name,
    JsonNode dataSourceConfig,
    JsonNode testingCriteria,
    long createdAt,
    Map<String, String> metadata) {}
