package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.MetadataRules;
import dev.luthier.platform.chat.GenerationRequest;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A checked request for a chat completion.
///
/// @param kept metadata of an answer that is to be stored; empty when it is not
record ChatRequest(
    String model,
    GenerationRequest generation,
    ToolOffer offer,
    boolean stream,
    boolean includeUsage,
    Optional<Map<String, String>> kept) {

  private static final int TOP_LOGPROBS_MAX = 20;

  static ChatRequest read(Fields body) {
    var model = body.required("model").string();
    var messages = MessageReader.read(body.required("messages"));
    var offer = ToolReader.read(body);
    var generation =
        new GenerationRequest(
            new Prompt.Messages(messages, offer.tools()),
            SamplingReader.choices(body),
            maxTokens(body),
            SamplingReader.stops(body),
            SamplingReader.sampling(body),
            topLogprobs(body),
            false,
            FormReader.ofChat(body, offer));
    boolean stream = SamplingReader.flag(body, "stream");
    return new ChatRequest(
        model, generation, offer, stream, includeUsage(body, stream), kept(body));
  }

  private static Optional<Map<String, String>> kept(Fields body) {
    var metadata = body.optional("metadata").map(Value::metadata).orElse(Map.of());
    MetadataRules.check(metadata);
    return SamplingReader.flag(body, "store") ? Optional.of(metadata) : Optional.empty();
  }

  /// The newer name wins when both are there.
  private static OptionalInt maxTokens(Fields body) {
    var older = SamplingReader.tokens(body, "max_tokens", 1);
    var newer = SamplingReader.tokens(body, "max_completion_tokens", 1);
    return newer.isPresent() ? newer : older;
  }

  private static OptionalInt topLogprobs(Fields body) {
    boolean wanted = SamplingReader.flag(body, "logprobs");
    var top = body.optional("top_logprobs").map(value -> value.integer(0, TOP_LOGPROBS_MAX));
    if (!wanted && top.isPresent()) {
      throw new ApiException(
          ErrorCode.INVALID_REQUEST,
          "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
          Optional.of("top_logprobs"));
    }
    return wanted ? OptionalInt.of(top.orElse(0)) : OptionalInt.empty();
  }

  static boolean includeUsage(Fields body, boolean stream) {
    var options = body.optional("stream_options");
    if (options.isEmpty()) {
      return false;
    }
    if (!stream) {
      throw new ApiException(
          ErrorCode.INVALID_REQUEST,
          "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
          Optional.of("stream_options"));
    }
    return SamplingReader.flag(options.get().object(), "include_usage");
  }
}
