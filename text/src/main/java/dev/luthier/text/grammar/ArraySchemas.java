package dev.luthier.text.grammar;

import dev.luthier.text.grammar.Part.Choice;
import dev.luthier.text.grammar.Part.Literal;
import dev.luthier.text.grammar.Part.Repeat;
import dev.luthier.text.grammar.Part.Rule;
import dev.luthier.text.grammar.Part.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;

/// What one schema says of arrays.
///
/// @param inner makes the part of a schema inside of this one, which stands at a place
record ArraySchemas(
    JsonNode schema, String place, boolean strict, BiFunction<JsonNode, String, Part> inner) {
  private static final String COMMA = ",";

  /// So many values have a thousand sets of them.
  private static final int UNIQUE_MAX = 10;

  Part compile() {
    var bounds = new ScalarSchemas(schema, place, strict);
    int min = bounds.count("minItems", 0);
    int max = bounds.count("maxItems", Repeat.ENDLESS);
    if (min > max) {
      return new Choice();
    }
    if (schema.path("prefixItems").isArray() && !schema.get("prefixItems").isEmpty()) {
      refuseUnique("beside 'prefixItems'", max);
      return tuple(min, max);
    }
    JsonNode items = schema.path("items");
    List<JsonNode> values = values(items);
    if (unique() && !values.isEmpty() && values.size() <= UNIQUE_MAX) {
      return unique(values.stream().map(value -> Literal.of(value.toString())).toList(), min, max);
    }
    refuseUnique(
        "where 'items' is not an 'enum' of at most %d different values".formatted(UNIQUE_MAX), max);
    Part item = items.isMissingNode() ? AnyJson.VALUE : inner.apply(items, place + "/items");
    return AnyJson.array(item, min, max);
  }

  private boolean unique() {
    return schema.path("uniqueItems").asBoolean(false);
  }

  private void refuseUnique(String where, int max) {
    if (strict && unique() && max > 1) {
      throw new SchemaException("%s: 'uniqueItems' is not supported %s".formatted(place, where));
    }
  }

  /// What `items` lists, if it says nothing else.
  private static List<JsonNode> values(JsonNode items) {
    boolean alone =
        items.propertyNames().stream()
            .allMatch(name ->
                name.equals("enum")
                    || name.equals("type")
                    || SchemaKeywords.ANNOTATIONS.contains(name));
    if (!alone || !items.path("enum").isArray()) {
      return List.of();
    }
    List<String> types =
        items.has("type") ? SchemaKeywords.types(items.get("type")) : SchemaKeywords.TYPES;
    return items
        .get("enum")
        .valueStream()
        .filter(value -> types.stream().anyMatch(type -> ScalarSchemas.is(type, value)))
        .distinct()
        .toList();
  }

  /// An array of different values: a rule for each set of those that stand already.
  private static Part unique(List<Literal> values, int min, int max) {
    Rule[] behind = new Rule[1 << values.size()];
    for (int set = 0; set < behind.length; set++) {
      behind[set] = new Rule();
    }
    for (int set = 0; set < behind.length; set++) {
      int count = Integer.bitCount(set);
      List<Part> choices = new ArrayList<>();
      if (count >= min) {
        choices.add(close(count > 0));
      }
      for (int i = 0; i < values.size() && count < max; i++) {
        if ((set & 1 << i) == 0) {
          choices.add(item(count > 0, values.get(i), behind[set | 1 << i]));
        }
      }
      behind[set].is(new Choice(choices));
    }
    return new Sequence(new Literal("["), behind[0]);
  }

  /// The first items each by a schema of its own.
  private Part tuple(int min, int max) {
    List<JsonNode> prefix = schema.get("prefixItems").valueStream().toList();
    JsonNode items = schema.has("items") ? schema.get("items") : BooleanNode.TRUE;
    List<Part> parts = new ArrayList<>();
    for (JsonNode each : prefix) {
      parts.add(inner.apply(each, place + "/prefixItems/" + parts.size()));
    }
    // From behind: what may follow when so many items stand.
    int most = Math.min(prefix.size(), max);
    Part rest =
        prefix.size() < max
            ? further(inner.apply(items, place + "/items"), min - most, max)
            : close(true);
    for (int count = most - 1; count >= 0; count--) {
      Part next = item(count > 0, parts.get(count), rest);
      rest = count >= min ? new Choice(close(count > 0), next) : next;
    }
    return new Sequence(new Literal("["), rest);
  }

  /// Behind the prefix: items of one kind, which there may be none of.
  private Part further(Part item, int min, int max) {
    int most = max == Repeat.ENDLESS ? max : max - schema.get("prefixItems").size();
    Part filled =
        new Sequence(
            new Literal(COMMA),
            Blanks.LINE,
            item,
            new Repeat(
                new Sequence(new Literal(COMMA), Blanks.LINE, item),
                Math.max(0, min - 1),
                most == Repeat.ENDLESS ? most : most - 1),
            close(true));
    return min > 0 ? filled : new Choice(close(true), filled);
  }

  private static Part item(boolean further, Part item, Part rest) {
    return further
        ? new Sequence(new Literal(COMMA), Blanks.LINE, item, rest)
        : new Sequence(Blanks.LINE, item, rest);
  }

  private static Part close(boolean filled) {
    return filled ? new Sequence(Blanks.LINE, new Literal("]")) : new Literal("]");
  }
}
