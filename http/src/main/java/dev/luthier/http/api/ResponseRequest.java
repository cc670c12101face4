package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.chat.GenerationRequest;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.chat.Sampling;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/// A checked request of the responses API, with what its answer repeats of it.
record ResponseRequest(
    String model,
    GenerationRequest generation,
    ToolOffer offer,
    boolean stream,
    Optional<String> instructions,
    Optional<Integer> maxOutputTokens,
    boolean parallelToolCalls,
    double temperature,
    double topP,
    JsonNode format,
    JsonNode toolChoice,
    List<JsonNode> tools,
    Optional<String> user,
    Map<String, String> metadata) {

  private static final int MAX_OUTPUT_TOKENS_MIN = 16;

  static ResponseRequest read(Fields body) {
    refuseUnserved(body);
    var model = body.required("model").string();
    var instructions = body.optional("instructions").map(Value::string);
    var messages = InputReader.messages(body.required("input"), instructions);
    var maxTokens = SamplingReader.tokens(body, "max_output_tokens", MAX_OUTPUT_TOKENS_MIN);
    double temperature = SamplingReader.decimal(body, "temperature", 0, 2, 1);
    double topP = SamplingReader.decimal(body, "top_p", 0, 1, 1);
    var offer = ToolReader.read(body);
    var generation =
        new GenerationRequest(
            new Prompt.Messages(messages, offer.tools()),
            1,
            maxTokens,
            List.of(),
            new Sampling(temperature, topP, 0, 0, Map.of(), OptionalLong.empty()),
            OptionalInt.empty(),
            false,
            FormReader.ofResponse(body, offer));
    return new ResponseRequest(
        model,
        generation,
        offer,
        SamplingReader.flag(body, "stream"),
        instructions,
        maxTokens.isPresent() ? Optional.of(maxTokens.getAsInt()) : Optional.empty(),
        body.optional("parallel_tool_calls").map(Value::bool).orElse(true),
        temperature,
        topP,
        body.optional("text")
            .flatMap(text -> text.object().optional("format"))
            .map(Value::json)
            .orElseGet(() -> JsonNodeFactory.instance.objectNode().put("type", "text")),
        body.optional("tool_choice").map(Value::json).orElse(StringNode.valueOf("auto")),
        body.optional("tools").map(tools -> List.copyOf(tools.json().values())).orElse(List.of()),
        body.optional("user").map(Value::string),
        body.optional("metadata").map(Value::metadata).orElse(Map.of()));
  }

  private static void refuseUnserved(Fields body) {
    body.optional("previous_response_id")
        .ifPresent(previous -> {
          throw new ApiException(
              ErrorCode.INVALID_REQUEST,
              "Previous response with id '%s' not found: this server does not store responses. Send the earlier turns in 'input'."
                  .formatted(previous.string()),
              Optional.of(previous.path()));
        });
    body.optional("background")
        .filter(Value::bool)
        .ifPresent(background -> {
          throw background.refusal(
              ErrorCode.UNSUPPORTED_VALUE,
              "Unsupported value: '%s' must be false, because this server does not store"
                  + " responses.");
        });
  }
}
