package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.stored.Compaction;
import dev.luthier.platform.stored.ConversationItems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a response is given: messages, calls and their outputs, in the form in which the responses
/// API lists and keeps them, each with an id.
final class ResponseItems {

  private static final int ITEMS_MAX = 10_000;
  private static final List<String> ROLES = List.of("assistant", "system", "developer", "user");
  private static final List<String> TEXT_PARTS = List.of("input_text", "output_text", "text");

  private final AnswerIds ids;
  private final Set<String> taken = new HashSet<>();
  private final List<ObjectNode> items = new ArrayList<>();

  /// @param earlier items of the conversation that is gone on with
  ResponseItems(AnswerIds ids, Iterable<JsonNode> earlier) {
    this.ids = ids;
    for (var item : earlier) {
      items.add((ObjectNode) item);
      taken.add(item.path("id").asString());
    }
  }

  /// Adds `input`: a string is what the user says.
  ResponseItems add(Value input) {
    if (input.isString()) {
      items.add(message(id(Optional.empty(), "msg_"), "user", List.of(input.string())));
    } else if (input.isArray()) {
      input.filledArray(ITEMS_MAX).forEach(item -> items.add(item(item.object())));
    } else {
      throw input.wrongType("one of a string or array of objects");
    }
    if (items.size() > ITEMS_MAX) {
      throw ApiException.tooMany(input.path(), ITEMS_MAX, items.size());
    }
    checkPairs(input);
    return this;
  }

  /// All items, the earliest first.
  ArrayNode json() {
    return JsonNodeFactory.instance.arrayNode().addAll(items);
  }

  /// The items as chat messages; `instructions` go before them as the system's.
  ArrayNode messages(Optional<String> instructions) {
    return ConversationItems.messages(items, instructions);
  }

  private ObjectNode item(Fields item) {
    var type = item.optional("type").map(Value::string).orElse("message");
    return switch (type) {
      case "message" ->
          message(
              id(item.optional("id"), "msg_"),
              item.required("role").oneOf(ROLES),
              MessageReader.parts(item.required("content"), TEXT_PARTS));
      case "function_call" -> call(item);
      case "function_call_output" -> output(item);
      case Compaction.TYPE -> compaction(item);
      default ->
          throw item.required("type")
              .refusal(
                  ErrorCode.UNSUPPORTED_VALUE,
                  "Unsupported value: '%s'. Supported values are: 'message', 'function_call',"
                      + " 'function_call_output', and 'compaction'.");
    };
  }

  private ObjectNode compaction(Fields item) {
    var content = item.required("encrypted_content");
    return Compaction.read(id(item.optional("id"), "cmp_"), content.string())
        .orElseThrow(() ->
            content.refusal(
                ErrorCode.INVALID_VALUE,
                "Invalid value: '%s'. It is not the content of a compaction that this server made."));
  }

  private ObjectNode call(Fields item) {
    return head("function_call", id(item.optional("id"), "fc_"))
        .put("call_id", item.required("call_id").string())
        .put("name", item.required("name").string())
        .put("arguments", item.required("arguments").string());
  }

  private ObjectNode output(Fields item) {
    var output = item.required("output");
    MessageReader.parts(output, TEXT_PARTS);
    ObjectNode node =
        head("function_call_output", id(item.optional("id"), "fco_"))
            .put("call_id", item.required("call_id").string());
    node.set("output", output.json());
    return node;
  }

  private static ObjectNode message(String id, String role, List<String> parts) {
    var message = head("message", id).put("role", role);
    var content = message.putArray("content");
    for (var part : parts) {
      if (role.equals("assistant")) {
        var said = content.addObject().put("type", "output_text").put("text", part);
        said.putArray("annotations");
        said.putArray("logprobs");
      } else {
        content.addObject().put("type", "input_text").put("text", part);
      }
    }
    return message;
  }

  private static ObjectNode head(String type, String id) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("type", type)
        .put("id", id)
        .put("status", "completed");
  }

  /// The id that the client gave, unless the list has it already.
  private String id(Optional<Value> given, String prefix) {
    var id = given.map(value -> value.string(256)).filter(taken::add);
    return id.orElseGet(() -> {
      var drawn = ids.draw(prefix);
      taken.add(drawn);
      return drawn;
    });
  }

  /// Every output answers a call, and every call has its output.
  private void checkPairs(Value input) {
    var known = new HashSet<String>();
    var unanswered = new LinkedHashSet<String>();
    for (var item : items) {
      var call = item.path("call_id").asString("");
      if (item.path("type").asString().equals("function_call")) {
        known.add(call);
        unanswered.add(call);
      } else if (!call.isEmpty()) {
        if (!known.contains(call)) {
          throw refusal(input, "No tool call found for function call output with call_id", call);
        }
        unanswered.remove(call);
      }
    }
    if (!unanswered.isEmpty()) {
      throw refusal(input, "No tool output found for function call", unanswered.getFirst());
    }
  }

  private static ApiException refusal(Value input, String text, String call) {
    return new ApiException(
        ErrorCode.INVALID_REQUEST,
        text + " " + Value.shortened(call) + ".",
        Optional.of(input.path()));
  }
}
