package dev.luthier.platform.evals;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is to be judged and by which criteria.
///
/// @param config where rows come from and what they hold, as the API answers it: JSON
/// @param criteria graders as the API writes them: a JSON array, see [Criterion#read]
public record Eval(
    String id,
    String name,
    Instant createdAt,
    Instant updatedAt,
    Map<String, String> metadata,
    String config,
    String criteria) {
  public static final String ID_PATTERN = "eval_[A-Za-z0-9]{32}";

  public Eval {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata)); // in its order
  }
}
