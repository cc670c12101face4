package dev.luthier.engine.infer;

import java.util.Optional;
import java.util.Set;

/// One sequence to continue. Several choices for one prompt are several requests with different
/// seeds.
///
/// @param prompt token ids, at least one; not copied, so leave them alone afterwards
/// @param maxTokens the most tokens to generate; prompt and maxTokens together fit the model's
///   context
/// @param endTokens ids that end the answer and are not handed out
/// @param constraint belongs to this request alone; empty: any token may come next
// Requests are never compared, and a prompt of ten thousand boxed integers would be waste.
@SuppressWarnings("ArrayRecordComponent")
public record GenerationRequest(
    int[] prompt,
    Optional<AdapterRef> adapter,
    SamplingSettings sampling,
    int maxTokens,
    Set<Integer> endTokens,
    Optional<TokenConstraint> constraint) {
  public GenerationRequest {
    if (prompt.length == 0) {
      throw new IllegalArgumentException("the prompt is empty; at least one token is needed");
    }
    if (maxTokens < 1) {
      throw new IllegalArgumentException("maxTokens is " + maxTokens + "; at least 1 is needed");
    }
    endTokens = Set.copyOf(endTokens);
  }

  /// A request for which any token may come next.
  public GenerationRequest(
      int[] prompt,
      Optional<AdapterRef> adapter,
      SamplingSettings sampling,
      int maxTokens,
      Set<Integer> endTokens) {
    this(prompt, adapter, sampling, maxTokens, endTokens, Optional.empty());
  }
}
