package dev.luthier.platform.stored;

import dev.luthier.platform.PageRequest;
import java.util.Map;
import java.util.Optional;

/// Which stored completions are listed.
///
/// @param model by its own name; none means any
/// @param metadata pairs that must all match
public record CompletionQuery(
    PageRequest page, Optional<String> model, Map<String, String> metadata, boolean newestFirst) {
  public CompletionQuery {
    metadata = Map.copyOf(metadata);
  }
}
