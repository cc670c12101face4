package dev.luthier.platform.graders;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// What templates are filled from: a row and, once there is one, a model's sample.
public final class Scope {
  private final JsonNode item;
  private final Optional<Sample> sample;

  private Scope(JsonNode item, Optional<Sample> sample) {
    this.item = item;
    this.sample = sample;
  }

  /// A row alone.
  public static Scope of(JsonNode item) {
    return new Scope(item, Optional.empty());
  }

  /// A row and what a model said to it.
  public static Scope of(JsonNode item, Sample sample) {
    return new Scope(item, Optional.of(sample));
  }

  /// The value at a path written as in a template: `item.messages`.
  ///
  /// @throws IllegalArgumentException if it cannot be read
  public JsonNode value(String written) {
    return value(Template.path(written));
  }

  /// Refuses a path that cannot be read.
  ///
  /// @throws IllegalArgumentException that says why
  public static void check(String written) {
    Template.path(written);
  }

  JsonNode value(Template.Path path) {
    JsonNode value =
        path.namespace().equals("item")
            ? item
            : sample.map(Sample::namespace).orElse(JsonNodeFactory.instance.objectNode());
    for (Template.Step step : path.steps()) {
      JsonNode next =
          switch (step) {
            case Template.Step.Key(String name) -> value.path(name);
            case Template.Step.Index(int index) -> value.path(index);
          };
      if (next.isMissingNode()) {
        throw missing(path);
      }
      value = next;
    }
    return value;
  }

  private TemplateException missing(Template.Path path) {
    boolean unread =
        path.written().matches("sample\\s*\\.\\s*output_json\\b.*")
            && sample.map(Sample::json).filter(Optional::isEmpty).isPresent();
    return new TemplateException(
        unread
            ? "the sample is not JSON, which {{%s}} needs".formatted(path.written())
            : "{{%s}} names nothing that is there".formatted(path.written()),
        unread);
  }
}
