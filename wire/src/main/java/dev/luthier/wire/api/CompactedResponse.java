package dev.luthier.wire.api;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// A conversation made shorter: items to go on from.
public record CompactedResponse(
    String id, String object, long createdAt, List<JsonNode> output, Response.Usage usage) {
  public CompactedResponse {
    output = List.copyOf(output);
  }

  public CompactedResponse(String id, long createdAt, List<JsonNode> output, Response.Usage usage) {
    this(id, "response.compaction", createdAt, output, usage);
  }
}
