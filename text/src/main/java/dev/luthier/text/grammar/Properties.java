package dev.luthier.text.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The rest of an object: its properties from `index` on, in the order of the schema, and its
/// closing brace.
///
/// @param written whether a property stands before
record Properties(Shape shape, int index, boolean written) implements Part {

  /// @param key with its quotation marks and its colon
  record Property(Part.Literal key, Part value, boolean required) {}

  /// The properties of a schema.
  static final class Shape {
    private List<Property> properties;

    Shape(List<Property> properties) {
      this.properties = List.copyOf(properties);
    }

    List<Property> properties() {
      return properties;
    }

    boolean isSatisfied(Predicate<Part> by) {
      return properties.stream().allMatch(each -> !each.required() || by.test(each.value()));
    }

    void keep(Predicate<Part> wanted) {
      properties = properties.stream().filter(each -> wanted.test(each.value())).toList();
    }
  }

  /// What may come next; each is a row of parts.
  List<List<Part>> choices() {
    if (index == shape.properties.size()) {
      return List.of(written ? List.of(Blanks.LINE, CLOSE) : List.of(CLOSE));
    }
    Property property = shape.properties.get(index);
    List<List<Part>> choices = new ArrayList<>();
    List<Part> row = new ArrayList<>();
    if (written) {
      row.add(COMMA);
    }
    row.addAll(
        List.of(
            Blanks.LINE,
            property.key(),
            Blanks.ONE,
            property.value(),
            new Properties(shape, index + 1, true)));
    choices.add(row);
    if (!property.required()) {
      choices.add(List.of(new Properties(shape, index + 1, written)));
    }
    return choices;
  }

  private static final Part CLOSE = new Part.Literal("}");
  private static final Part COMMA = new Part.Literal(",");
}
