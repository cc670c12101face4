package dev.luthier.text.rows;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What of a row that can be read has no place in a mended copy: keys that mean nothing, and whole
/// rows that are there already or teach nothing good.
final class RowTidy {
  private static final Set<String> OTHERS_KEYS =
      Set.of("role", "content", "name", "tool_calls", "tool_call_id", "refusal");

  private final RowKind kind;
  private final RowMemory seen = new RowMemory();

  RowTidy(RowKind kind) {
    this.kind = kind;
  }

  /// Whether it has what its kind is known by; nothing else is touched.
  boolean isRow(ObjectNode row) {
    return switch (kind) {
      case RowKind.Chats _, RowKind.Prompts _ -> row.path("messages").isArray();
      case RowKind.Preferences _ ->
          row.path("input").path("messages").isArray()
              && isAnswer(row.path(PreferenceCheck.PREFERRED))
              && isAnswer(row.path(PreferenceCheck.OTHER));
    };
  }

  private static boolean isAnswer(JsonNode output) {
    return output.isArray() && output.size() == 1 && output.get(0).isObject();
  }

  void withoutIdleKeys(ObjectNode row, Consumer<FindingCode> mended) {
    switch (kind) {
      case RowKind.Chats _ -> {
        without(row, RowCheck.KEYS, FindingCode.EXTRA_ROW_KEY, mended);
        messages(row.path("messages"), mended);
      }
      case RowKind.Prompts _ -> messages(row.path("messages"), mended);
      case RowKind.Preferences _ -> {
        without(row, PreferenceCheck.KEYS, FindingCode.EXTRA_ROW_KEY, mended);
        without(
            (ObjectNode) row.path("input"),
            PreferenceCheck.INPUT_KEYS,
            FindingCode.EXTRA_ROW_KEY,
            mended);
        messages(row.path("input").path("messages"), mended);
        messages(row.path(PreferenceCheck.PREFERRED), mended);
        messages(row.path(PreferenceCheck.OTHER), mended);
      }
    }
  }

  private static void messages(JsonNode messages, Consumer<FindingCode> mended) {
    for (JsonNode message : messages) {
      if (message instanceof ObjectNode fields) {
        without(fields, MessageCheck.KEYS, FindingCode.EXTRA_MESSAGE_KEY, mended);
        if (!ConversationCheck.fromAssistant(fields)) {
          without(fields, OTHERS_KEYS, FindingCode.IDLE_KEY, mended);
        }
      }
    }
  }

  private static void without(
      ObjectNode object, Set<String> keys, FindingCode code, Consumer<FindingCode> mended) {
    int before = object.size();
    object.retain(keys);
    if (object.size() < before) {
      mended.accept(code);
    }
  }

  /// Why the row is not in the copy, if it is not.
  Optional<FindingCode> leftOut(int number, ObjectNode row) {
    long exact;
    switch (kind) {
      case RowKind.Chats _ -> {
        if (teachesEmptyAnswer(row)) {
          return Optional.of(FindingCode.EMPTY_ANSWER);
        }
        exact = RowPrint.exact(new ChatRow(number, row.path("messages"), tools(row)));
      }
      case RowKind.Prompts _ -> exact = RowPrint.hash(row);
      case RowKind.Preferences _ -> {
        PreferenceRow pair = pair(number, row);
        if (isEmpty(pair.preferred())) {
          return Optional.of(FindingCode.EMPTY_ANSWER);
        }
        if (PreferenceCheck.same(pair.preferred(), pair.other())) {
          return Optional.of(FindingCode.SAME_OUTPUTS);
        }
        exact = RowPrint.exact(pair);
      }
    }
    var print = new RowPrint(exact, 0, Optional.empty());
    if (seen.same(print).isPresent()) {
      return Optional.of(FindingCode.DUPLICATE_ROW);
    }
    seen.add(print, number);
    return Optional.empty();
  }

  private static PreferenceRow pair(int number, ObjectNode row) {
    return new PreferenceRow(
        number,
        row.path("input").path("messages"),
        tools(row.path("input")),
        row.path(PreferenceCheck.PREFERRED).get(0),
        row.path(PreferenceCheck.OTHER).get(0));
  }

  private static Optional<JsonNode> tools(JsonNode object) {
    ArrayNode offered = JsonNodeFactory.instance.arrayNode();
    for (String key : List.of("tools", "functions")) {
      if (object.has(key)) {
        offered.add(object.path(key));
      }
    }
    return offered.isEmpty() ? Optional.empty() : Optional.of(offered);
  }

  /// One without any content is wrong, not empty.
  private static boolean isEmpty(JsonNode message) {
    return message.has("content") && PreferenceCheck.isEmpty(message);
  }

  private static boolean teachesEmptyAnswer(JsonNode row) {
    return row.path("messages").valueStream().filter(ChatRow::isTrained).anyMatch(RowTidy::isEmpty);
  }
}
