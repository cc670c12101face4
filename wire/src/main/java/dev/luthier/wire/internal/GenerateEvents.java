package dev.luthier.wire.internal;

import dev.luthier.wire.Json;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// [GenerateEvent]s as lines of newline-delimited JSON. An empty line is no event: the inference
/// process writes one now and then to notice that its reader is gone.
public final class GenerateEvents {
  private GenerateEvents() {}

  /// The event as one line with its newline.
  public static String line(GenerateEvent event) {
    return Json.text(Map.of(kind(event), event)) + "\n";
  }

  /// Reads a line that is not empty.
  ///
  /// @throws IllegalArgumentException if the line is no object of one known key
  public static GenerateEvent read(String line) {
    JsonNode node = Json.tree(line);
    if (!node.isObject() || node.size() != 1) {
      throw new IllegalArgumentException("an event is an object of one key, but got: " + line);
    }
    String kind = node.propertyNames().iterator().next();
    return Json.mapper().treeToValue(node.get(kind), type(kind));
  }

  private static String kind(GenerateEvent event) {
    return switch (event) {
      case GenerateEvent.Started _ -> "started";
      case GenerateEvent.Delta _ -> "delta";
      case GenerateEvent.Finished _ -> "finished";
      case GenerateEvent.Usage _ -> "usage";
      case GenerateEvent.Failed _ -> "failed";
    };
  }

  private static Class<? extends GenerateEvent> type(String kind) {
    return switch (kind) {
      case "started" -> GenerateEvent.Started.class;
      case "delta" -> GenerateEvent.Delta.class;
      case "finished" -> GenerateEvent.Finished.class;
      case "usage" -> GenerateEvent.Usage.class;
      case "failed" -> GenerateEvent.Failed.class;
      default -> throw new IllegalArgumentException("unknown kind of event '" + kind + "'");
    };
  }
}
