package dev.luthier.http.api;

import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.wire.api.Completion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Legacy completions, whole and in pieces, as the API shows them.
///
/// @param fingerprint of what made it
/// @param logprobs whether they were asked for
record CompletionObjects(
    String id, long created, String model, String fingerprint, boolean logprobs) {

  Completion of(List<Completion.Choice> choices) {
    return new Completion(id, "text_completion", created, model, Optional.of(fingerprint), choices);
  }

  /// @param offset how many characters of the answer stand before `text`
  Completion.Choice choice(
      int index, String text, int offset, List<TokenLogprob> tokens, Optional<String> reason) {
    return new Completion.Choice(
        text, index, logprobs ? Optional.of(columns(tokens, offset)) : Optional.empty(), reason);
  }

  private static Completion.Logprobs columns(List<TokenLogprob> tokens, int offset) {
    var offsets = new ArrayList<Integer>();
    int position = offset;
    for (var token : tokens) {
      offsets.add(position);
      position += token.token().length();
    }
    return new Completion.Logprobs(
        tokens.stream().map(TokenLogprob::token).toList(),
        tokens.stream().map(TokenLogprob::logprob).toList(),
        tokens.stream().map(CompletionObjects::top).toList(),
        offsets);
  }

  private static Map<String, Double> top(TokenLogprob token) {
    var byText = new LinkedHashMap<String, Double>();
    // Tokens that differ in bytes may print alike; the likelier one stands.
    token.top().forEach(top -> byText.putIfAbsent(top.token(), top.logprob()));
    return byText;
  }
}
