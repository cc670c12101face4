package dev.luthier.platform.evals;

import dev.luthier.platform.graders.Grade;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a model was asked and said, as output items show it.
///
/// @param json the object `sample`
/// @param namespace what templates see of it
/// @param usage empty where nothing was asked
/// @param error why there is no answer
record SampleObject(
    ObjectNode json,
    JsonNode namespace,
    Optional<EvalRun.ModelUsage> usage,
    Optional<String> error) {

  /// A chat completion.
  static SampleObject said(ObjectNode request, JsonNode completion) {
    JsonNode choice = completion.at("/choices/0");
    JsonNode message = choice.path("message");
    JsonNode tokens = completion.path("usage");
    EvalRun.ModelUsage usage =
        new EvalRun.ModelUsage(
            completion.path("model").asString(""),
            1,
            tokens.path("prompt_tokens").asLong(0),
            tokens.path("completion_tokens").asLong(0),
            tokens.at("/prompt_tokens_details/cached_tokens").asLong(0));
    ObjectNode namespace = JsonNodeFactory.instance.objectNode();
    namespace.put("output_text", message.path("content").asString(""));
    namespace.set(
        "output_tools",
        message.path("tool_calls").isArray()
            ? message.get("tool_calls")
            : JsonNodeFactory.instance.arrayNode());
    namespace.set("choices", completion.path("choices"));
    namespace.put("model", usage.model());
    ObjectNode json = object(request, usage, choice.path("finish_reason").asString("stop"));
    output(json, message.path("content").asString(""), message.path("tool_calls"));
    json.putNull("error");
    return new SampleObject(json, namespace, Optional.of(usage), Optional.empty());
  }

  /// A request that was not answered.
  static SampleObject failed(ObjectNode request, String code, String message) {
    ObjectNode json = object(request, NOTHING, "error");
    json.putArray("output");
    json.putObject("error").put("code", code).put("message", message);
    return new SampleObject(
        json, JsonNodeFactory.instance.objectNode(), Optional.empty(), Optional.of(message));
  }

  /// What a row brings; a row without a sample brings nothing.
  static SampleObject brought(Optional<JsonNode> sample) {
    JsonNode namespace = sample.orElse(JsonNodeFactory.instance.objectNode());
    ObjectNode json = object(JsonNodeFactory.instance.objectNode(), NOTHING, "stop");
    json.put("model", namespace.path("model").asString(""));
    if (sample.isPresent()) {
      output(json, namespace.path("output_text").asString(""), namespace.path("output_tools"));
    } else {
      json.putArray("output");
    }
    json.putNull("error");
    return new SampleObject(json, namespace, Optional.empty(), Optional.empty());
  }

  /// What a judging model was asked and said.
  static SampleObject judgement(Grade.Asked asked) {
    var tokens = asked.answer().usage();
    EvalRun.ModelUsage usage =
        new EvalRun.ModelUsage(
            asked.answer().model(),
            1,
            tokens.promptTokens(),
            tokens.completionTokens(),
            tokens.cachedTokens());
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.set("messages", asked.question().messages());
    var sampling = asked.question().sampling();
    request.put("temperature", sampling.temperature()).put("top_p", sampling.topP());
    sampling.seed().ifPresent(seed -> request.put("seed", seed));
    request.put("max_completion_tokens", asked.question().tokensMax());
    ObjectNode json = object(request, usage, asked.answer().reason().text());
    output(json, asked.answer().text(), JsonNodeFactory.instance.arrayNode());
    json.putNull("error");
    return new SampleObject(
        json, JsonNodeFactory.instance.objectNode(), Optional.of(usage), Optional.empty());
  }

  private static final EvalRun.ModelUsage NOTHING = new EvalRun.ModelUsage("", 0, 0, 0, 0);

  private static ObjectNode object(
      ObjectNode request, EvalRun.ModelUsage usage, String finishReason) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    var input = json.putArray("input");
    for (JsonNode message : request.path("messages")) {
      JsonNode content = message.path("content");
      input
          .addObject()
          .put("role", message.path("role").asString(""))
          .put("content", content.isString() ? content.asString() : content.toString());
    }
    json.put("finish_reason", finishReason);
    json.put("model", usage.model().isEmpty() ? request.path("model").asString("") : usage.model());
    json.putObject("usage")
        .put("total_tokens", usage.promptTokens() + usage.completionTokens())
        .put("completion_tokens", usage.completionTokens())
        .put("prompt_tokens", usage.promptTokens())
        .put("cached_tokens", usage.cachedTokens());
    for (String name : List.of("temperature", "max_completion_tokens", "top_p", "seed")) {
      json.set(name, request.has(name) ? request.get(name) : JsonNodeFactory.instance.nullNode());
    }
    return json;
  }

  private static void output(ObjectNode json, String text, JsonNode toolCalls) {
    ObjectNode message =
        json.putArray("output").addObject().put("role", "assistant").put("content", text);
    if (toolCalls.isArray() && !toolCalls.isEmpty()) {
      message.set("tool_calls", toolCalls);
    }
  }
}
