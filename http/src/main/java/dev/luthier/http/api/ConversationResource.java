package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.Fields;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.Value;
import dev.luthier.platform.chat.GenerationRequest;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.chat.PromptTokens;
import dev.luthier.platform.chat.Sampling;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.stored.Compaction;
import dev.luthier.wire.api.CompactedResponse;
import dev.luthier.wire.api.InputTokens;
import dev.luthier.wire.api.Response;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// `/v1/responses/input_tokens` and `/v1/responses/compact`: how long a conversation is, and the
/// same one shorter.
public final class ConversationResource {
  private static final int SUMMARY_TOKENS_MAX = 256;
  private static final String WISH =
      "Summarize our conversation so far in a few sentences: what was wanted, what was answered,"
          + " names, numbers and decisions. Write the summary only.";

  private final Generations generations;
  private final PromptTokens tokens;
  private final Function<String, ArrayNode> earlier;

  /// @param responses finds the conversations that requests go on with
  public ConversationResource(
      Generations generations, PromptTokens tokens, ResponseResource responses) {
    this.generations = generations;
    this.tokens = tokens;
    this.earlier = responses::conversation;
  }

  void count(Context context) throws IOException {
    var body = JsonBody.read(context);
    var items = items(body);
    var prompt =
        new Prompt.Messages(items.messages(instructions(body)), ToolReader.read(body).tools());
    var opened = generations.open(context, body.required("model").string());
    Answers.json(context, new InputTokens(tokens.count(opened.model().base(), prompt)));
  }

  /// What the user said stays as it is; all else becomes a summary, which the model writes.
  void compact(Context context) throws IOException {
    var body = JsonBody.read(context);
    var items = items(body);
    var opened = generations.open(context, body.required("model").string());
    var messages = items.messages(instructions(body));
    messages.addObject().put("role", "user").put("content", WISH);
    var summary = opened.chat().whole(opened.model(), request(messages), 1);
    List<JsonNode> output = new ArrayList<>();
    items
        .json()
        .forEach(item -> {
          if (item.path("role").asString("").equals("user")) {
            output.add(item);
          }
        });
    output.add(Compaction.of(generations.ids().draw("cmp_"), summary.text().strip()));
    var used = summary.usage();
    Answers.json(
        context,
        new CompactedResponse(
            generations.ids().draw("resp_"),
            generations.now(),
            output,
            new Response.Usage(used.promptTokens(), used.completionTokens(), used.cachedTokens())));
  }

  private static GenerationRequest request(ArrayNode messages) {
    return new GenerationRequest(
        new Prompt.Messages(messages, Optional.empty()),
        1,
        OptionalInt.of(SUMMARY_TOKENS_MAX),
        List.of(),
        new Sampling(0, 1, 0, 0, Map.of(), OptionalLong.empty()),
        OptionalInt.empty(),
        false);
  }

  private ResponseItems items(Fields body) {
    ResponseRequest.refuseUnserved(body);
    var previous = body.optional("previous_response_id").map(Value::string);
    var input = body.optional("input");
    if (previous.isEmpty() && input.isEmpty()) {
      throw ApiException.missing("input");
    }
    var items =
        new ResponseItems(
            generations.ids(),
            previous.map(earlier).orElseGet(JsonNodeFactory.instance::arrayNode));
    input.ifPresent(items::add);
    return items;
  }

  private static Optional<String> instructions(Fields body) {
    return body.optional("instructions").map(Value::string);
  }
}
