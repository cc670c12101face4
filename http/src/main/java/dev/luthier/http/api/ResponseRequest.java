package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.MetadataRules;
import dev.luthier.platform.chat.GenerationRequest;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.chat.Sampling;
import dev.luthier.platform.errors.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.StringNode;

/// A checked request of the responses API, with what its answer repeats of it.
///
/// @param items all that the model is given
/// @param truncated whether the oldest items go when all of them are too long for the model
/// @param topLogprobs as asked for; they come only if they are included
record ResponseRequest(
    String model,
    GenerationRequest generation,
    ArrayNode items,
    ToolOffer offer,
    boolean stream,
    boolean background,
    boolean store,
    boolean truncated,
    Optional<String> previousResponseId,
    Optional<String> instructions,
    Optional<Integer> maxOutputTokens,
    boolean parallelToolCalls,
    double temperature,
    double topP,
    int topLogprobs,
    JsonNode format,
    JsonNode toolChoice,
    List<JsonNode> tools,
    Optional<String> user,
    Map<String, String> metadata) {

  private static final int MAX_OUTPUT_TOKENS_MIN = 16;
  private static final int TOP_LOGPROBS_MAX = 20;
  private static final String LOGPROBS = "message.output_text.logprobs";
  private static final List<String> INCLUDABLE =
      List.of(
          "file_search_call.results",
          "web_search_call.results",
          "web_search_call.action.sources",
          "message.input_image.image_url",
          "computer_call_output.output.image_url",
          "code_interpreter_call.outputs",
          "reasoning.encrypted_content",
          LOGPROBS);

  /// @param earlier finds the items of a conversation by the id of its latest response
  static ResponseRequest read(Fields body, AnswerIds ids, Function<String, ArrayNode> earlier) {
    refuseUnserved(body);
    var model = body.required("model").string();
    var instructions = body.optional("instructions").map(Value::string);
    var input = body.required("input");
    var previous = body.optional("previous_response_id").map(Value::string);
    var items =
        new ResponseItems(ids, previous.map(earlier).orElseGet(JsonNodeFactory.instance::arrayNode))
            .add(input);
    var maxTokens = SamplingReader.tokens(body, "max_output_tokens", MAX_OUTPUT_TOKENS_MIN);
    double temperature = SamplingReader.decimal(body, "temperature", 0, 2, 1);
    double topP = SamplingReader.decimal(body, "top_p", 0, 1, 1);
    int top = body.optional("top_logprobs").map(n -> n.integer(0, TOP_LOGPROBS_MAX)).orElse(0);
    var offer = ToolReader.read(body);
    var generation =
        new GenerationRequest(
            new Prompt.Messages(items.messages(instructions), offer.tools()),
            1,
            maxTokens,
            List.of(),
            new Sampling(temperature, topP, 0, 0, Map.of(), OptionalLong.empty()),
            included(body).contains(LOGPROBS) ? OptionalInt.of(top) : OptionalInt.empty(),
            false,
            FormReader.ofResponse(body, offer));
    var metadata = body.optional("metadata").map(Value::metadata).orElse(Map.of());
    MetadataRules.check(metadata);
    return new ResponseRequest(
        model,
        generation,
        items.json(),
        offer,
        SamplingReader.flag(body, "stream"),
        SamplingReader.flag(body, "background"),
        stored(body),
        body.optional("truncation")
            .map(value -> value.oneOf(List.of("auto", "disabled")))
            .filter("auto"::equals)
            .isPresent(),
        previous,
        instructions,
        maxTokens.isPresent() ? Optional.of(maxTokens.getAsInt()) : Optional.empty(),
        body.optional("parallel_tool_calls").map(Value::bool).orElse(true),
        temperature,
        topP,
        top,
        body.optional("text")
            .flatMap(text -> text.object().optional("format"))
            .map(Value::json)
            .orElseGet(() -> JsonNodeFactory.instance.objectNode().put("type", "text")),
        body.optional("tool_choice").map(Value::json).orElse(StringNode.valueOf("auto")),
        body.optional("tools").map(tools -> List.copyOf(tools.json().values())).orElse(List.of()),
        body.optional("user").map(Value::string),
        metadata);
  }

  private static boolean stored(Fields body) {
    return body.optional("store").map(Value::bool).orElse(true);
  }

  private static List<String> included(Fields body) {
    return body
        .optional("include")
        .map(some -> some.array(INCLUDABLE.size()))
        .orElse(List.of())
        .stream()
        .map(one -> one.oneOf(INCLUDABLE))
        .toList();
  }

  static void refuseUnserved(Fields body) {
    for (var name : List.of("conversation", "prompt")) {
      body.optional(name)
          .ifPresent(value -> {
            throw value.refusal(
                ErrorCode.UNSUPPORTED_PARAMETER,
                "Unsupported parameter: '%s' is not supported by this server. Send 'input', and go on"
                    + " from a response with 'previous_response_id'.");
          });
    }
    body.optional("background")
        .filter(Value::bool)
        .ifPresent(background -> {
          if (!stored(body)) {
            throw background.refusal(
                ErrorCode.UNSUPPORTED_VALUE,
                "Unsupported value: '%s' must be false when 'store' is false: nobody could fetch"
                    + " the response.");
          }
        });
  }
}
