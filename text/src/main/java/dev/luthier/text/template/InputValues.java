package dev.luthier.text.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Turns JSON into values that remember which part of the request they come from.
final class InputValues {
  private static final List<String> REASONING =
      List.of("reasoning_content", "thinking", "reasoning");

  private InputValues() {}

  /// The messages, each with its index as origin.
  static Value messages(JsonNode messages) {
    List<Value> values = new ArrayList<>(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      values.add(withReasoning(value(messages.get(i), i)));
    }
    return new Value.ListValue(values);
  }

  /// Templates read a message's reasoning under different names, so it is offered under both that
  /// are in use, as transformers does.
  private static Value withReasoning(Value message) {
    if (!(message instanceof DictValue given)) {
      return message;
    }
    Optional<Value> reasoning =
        REASONING.stream()
            .flatMap(name -> given.get(name).stream())
            .filter(value -> !(value instanceof Value.None))
            .findFirst();
    if (reasoning.isEmpty()) {
      return message;
    }
    DictValue both = new DictValue();
    both.put(Text.of("thinking"), reasoning.get());
    for (Value key : given.keys()) {
      both.put(key, given.get(key).orElseThrow());
    }
    both.put(Text.of("reasoning_content"), reasoning.get());
    return both;
  }

  static Value value(JsonNode node, int origin) {
    return switch (node.getNodeType()) {
      case STRING -> Text.of(node.stringValue(), origin);
      case BOOLEAN -> Value.of(node.booleanValue());
      case NUMBER ->
          node.isIntegralNumber()
              ? new Value.Int(node.bigIntegerValue(), origin)
              : new Value.Real(node.doubleValue(), origin);
      case ARRAY -> {
        List<Value> items = new ArrayList<>(node.size());
        for (JsonNode item : node) {
          items.add(value(item, origin));
        }
        yield new Value.ListValue(items);
      }
      case OBJECT -> {
        DictValue dict = new DictValue();
        node.forEachEntry((name, field) -> dict.put(Text.of(name, origin), value(field, origin)));
        yield dict;
      }
      case NULL, MISSING -> Value.NONE;
      case BINARY, POJO ->
          throw new IllegalArgumentException("no JSON value: " + node.getNodeType());
    };
  }
}
