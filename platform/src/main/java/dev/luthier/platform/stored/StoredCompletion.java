package dev.luthier.platform.stored;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// A chat completion that is kept.
///
/// @param model that answered, by its own name
/// @param answer the completion as JSON, without its metadata
/// @param messages that were asked, as a JSON array
public record StoredCompletion(
    String id,
    Instant createdAt,
    String model,
    Map<String, String> metadata,
    String answer,
    String messages) {
  public static final String ID_PATTERN = "chatcmpl-[A-Za-z0-9]{16,40}";

  public StoredCompletion {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata)); // in its order
  }
}
