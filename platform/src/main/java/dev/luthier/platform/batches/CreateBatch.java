package dev.luthier.platform.batches;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// What a user orders.
///
/// @param endpoint that answers every line
/// @param outputSeconds how long the files of answers are kept; empty: as long as they may be
public record CreateBatch(
    String inputFileId, String endpoint, Map<String, String> metadata, OptionalLong outputSeconds) {
  /// The endpoints that answer lines.
  public static final List<String> ENDPOINTS =
      List.of("/v1/responses", "/v1/chat/completions", "/v1/completions");

  public CreateBatch {
    if (!ENDPOINTS.contains(endpoint)) {
      throw new IllegalArgumentException(endpoint + " is not one of " + ENDPOINTS);
    }
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata)); // in its order
  }
}
