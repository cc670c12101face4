package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.chat.GenerationRequest;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.chat.Sampling;
import dev.luthier.platform.errors.ErrorCode;
import java.util.List;
import java.util.OptionalInt;

/// A checked request for legacy completions: any number of prompts, each answered `choices` times.
///
/// @param bestOf of so many answers to a prompt the likeliest `choices` are sent
record CompletionRequest(
    String model,
    List<Prompt> prompts,
    int choices,
    int bestOf,
    int maxTokens,
    List<String> stop,
    Sampling sampling,
    OptionalInt logprobs,
    boolean echo,
    boolean stream,
    boolean includeUsage) {

  private static final int PROMPTS_MAX = 128;
  private static final int TOKENS_MAX = 1_000_000;
  private static final int LOGPROBS_MAX = 5;
  private static final int MAX_TOKENS_DEFAULT = 16;

  static CompletionRequest read(Fields body) {
    int choices = SamplingReader.choices(body);
    refuseUnserved(body);
    boolean stream = SamplingReader.flag(body, "stream");
    return new CompletionRequest(
        body.required("model").string(),
        prompts(body.required("prompt")),
        choices,
        bestOf(body, choices, stream),
        SamplingReader.tokens(body, "max_tokens", 1).orElse(MAX_TOKENS_DEFAULT),
        SamplingReader.stops(body),
        SamplingReader.sampling(body),
        body.optional("logprobs")
            .map(value -> OptionalInt.of(value.integer(0, LOGPROBS_MAX)))
            .orElse(OptionalInt.empty()),
        SamplingReader.flag(body, "echo"),
        stream,
        ChatRequest.includeUsage(body, stream));
  }

  GenerationRequest generation(Prompt prompt) {
    // Whoever chooses among answers must know how likely they are.
    var told = logprobs.isEmpty() && bestOf > choices ? OptionalInt.of(0) : logprobs;
    return new GenerationRequest(
        prompt, bestOf, OptionalInt.of(maxTokens), stop, sampling, told, echo);
  }

  private static int bestOf(Fields body, int choices, boolean stream) {
    var given = body.optional("best_of");
    int best = given.map(value -> value.integer(1, SamplingReader.CHOICES_MAX)).orElse(choices);
    if (best < choices) {
      throw given
          .orElseThrow()
          .refusal(
              ErrorCode.INVALID_VALUE,
              "Invalid value: '%s' must be at least 'n', " + choices + ".");
    }
    if (best > choices && stream) {
      throw given
          .orElseThrow()
          .refusal(
              ErrorCode.INVALID_VALUE,
              "Invalid value: '%s' must equal 'n' when 'stream' is true, as the best answers are"
                  + " known when all have ended.");
    }
    return best;
  }

  private static void refuseUnserved(Fields body) {
    body.optional("suffix")
        .filter(suffix -> !suffix.string().isEmpty())
        .ifPresent(suffix -> {
          throw suffix.refusal(
              ErrorCode.UNSUPPORTED_VALUE,
              "Unsupported value: '%s' is not supported, because this server's models cannot"
                  + " fill in text before it.");
        });
  }

  /// A string, strings, token ids, or several lists of token ids.
  private static List<Prompt> prompts(Value prompt) {
    if (prompt.isString()) {
      return List.of(new Prompt.Text(prompt.string()));
    }
    if (!prompt.isArray()) {
      throw prompt.wrongType("one of a string, array of strings, or array of integers");
    }
    var elements = prompt.filledArray(TOKENS_MAX);
    if (elements.getFirst().json().isNumber()) {
      return List.of(tokens(elements));
    }
    return prompt.array(PROMPTS_MAX).stream()
        .map(one -> one.isArray() ? tokens(one.filledArray(TOKENS_MAX)) : text(one))
        .toList();
  }

  private static Prompt text(Value prompt) {
    return new Prompt.Text(prompt.string());
  }

  private static Prompt tokens(List<Value> ids) {
    return new Prompt.Tokens(ids.stream().map(id -> id.integer(0, Integer.MAX_VALUE)).toList());
  }
}
