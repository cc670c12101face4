package dev.luthier.platform.evals;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.graders.JsonField;
import dev.luthier.platform.graders.MessageReader;
import dev.luthier.platform.graders.MessageTemplate;
import dev.luthier.platform.graders.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Where the rows of a run come from, and what is asked of which model with each.
///
/// @param question empty where rows bring what is judged
public record RunSource(Rows rows, Optional<Question> question) {
  private static final int ROWS_MAX = 10_000;
  private static final int TEXTS_MAX = 100;
  private static final List<String> TYPES = List.of("jsonl", "completions", "responses");

  /// Where rows come from.
  public sealed interface Rows {
    /// They stand in the request.
    record Content(List<JsonNode> rows) implements Rows {
      public Content {
        rows = List.copyOf(rows);
      }
    }

    /// They are the lines of a file.
    record File(String id) implements Rows {}

    /// They are chat completions that were stored.
    record Stored(
        Map<String, String> metadata,
        Optional<String> model,
        OptionalLong createdAfter,
        OptionalLong createdBefore,
        OptionalInt limit)
        implements Rows {
      public Stored {
        metadata = Map.copyOf(metadata);
      }
    }

    /// They are responses that were kept.
    ///
    /// @param wanted fields of a response that must be as here
    /// @param instructions a part of its instructions
    /// @param users any of them; empty: anybody
    /// @param tools names of functions that it must offer
    record Responses(
        Map<String, JsonNode> wanted,
        Optional<String> instructions,
        List<String> users,
        List<String> tools,
        Map<String, String> metadata,
        OptionalLong createdAfter,
        OptionalLong createdBefore)
        implements Rows {
      public Responses {
        wanted = Map.copyOf(wanted);
        users = List.copyOf(users);
        tools = List.copyOf(tools);
        metadata = Map.copyOf(metadata);
      }
    }
  }

  /// What is asked with each row.
  ///
  /// @param settings of a chat completion: temperature, seed, tools and the like
  public record Question(String model, Input input, ObjectNode settings) {}

  /// What a model is given.
  public sealed interface Input {
    /// Messages with places to fill in.
    record Template(List<MessageTemplate> messages) implements Input {
      public Template {
        messages = List.copyOf(messages);
      }
    }

    /// Messages that stand in the row.
    record Reference(String path) implements Input {}

    /// The messages for a row.
    default JsonNode messages(Scope row) {
      return switch (this) {
        case Template(List<MessageTemplate> messages) -> MessageTemplate.fill(messages, row);
        case Reference(String path) -> row.value(path);
      };
    }
  }

  /// Reads a data source as the API writes it.
  ///
  /// @param path its full name in the request
  public static RunSource read(JsonNode json, String path) {
    JsonField source = new JsonField(path, json);
    JsonField type = source.required("type");
    if (!TYPES.contains(type.text())) {
      throw ApiException.invalidValue(type.path(), type.shown(), TYPES);
    }
    Rows rows = rows(source.required("source"), type.text());
    Optional<JsonField> input = source.optional("input_messages");
    if (type.text().equals("jsonl") || input.isEmpty()) {
      return new RunSource(rows, Optional.empty());
    }
    return new RunSource(
        rows,
        Optional.of(
            new Question(
                source.required("model").text(256), input(input.get()), settings(source))));
  }

  private static Rows rows(JsonField source, String of) {
    JsonField type = source.required("type");
    boolean completions = of.equals("completions");
    if (type.text().equals("stored_completions") && completions) {
      return stored(source);
    }
    if (type.text().equals("responses") && of.equals("responses")) {
      return responses(source);
    }
    return switch (type.text()) {
      case "file_content" ->
          new Rows.Content(
              source.required("content").elements(ROWS_MAX).stream().map(RunSource::row).toList());
      case "file_id" -> new Rows.File(source.required("id").text());
      default ->
          throw ApiException.invalidValue(
              type.path(),
              type.shown(),
              switch (of) {
                case "completions" -> List.of("file_content", "file_id", "stored_completions");
                case "responses" -> List.of("file_content", "file_id", "responses");
                default -> List.of("file_content", "file_id");
              });
    };
  }

  private static JsonNode row(JsonField row) {
    row.required("item").asObject();
    row.optional("sample").ifPresent(JsonField::asObject);
    return row.json();
  }

  private static Rows responses(JsonField source) {
    Map<String, JsonNode> wanted = new LinkedHashMap<>();
    for (String name : List.of("model", "temperature", "top_p")) {
      source.optional(name).ifPresent(value -> wanted.put(name, value.json()));
    }
    return new Rows.Responses(
        wanted,
        source.optional("instructions_search").map(JsonField::text),
        texts(source, "users"),
        texts(source, "tools"),
        metadata(source),
        seconds(source, "created_after"),
        seconds(source, "created_before"));
  }

  private static List<String> texts(JsonField source, String name) {
    return source
        .optional(name)
        .map(some -> some.elements(TEXTS_MAX).stream().map(JsonField::text).toList())
        .orElse(List.of());
  }

  private static Map<String, String> metadata(JsonField source) {
    Map<String, String> metadata = new LinkedHashMap<>();
    source
        .optional("metadata")
        .ifPresent(pairs ->
            pairs
                .asObject()
                .properties()
                .forEach(pair ->
                    metadata.put(
                        pair.getKey(),
                        new JsonField(pairs.path() + "." + pair.getKey(), pair.getValue())
                            .text())));
    return metadata;
  }

  private static Rows stored(JsonField source) {
    return new Rows.Stored(
        metadata(source),
        source.optional("model").map(JsonField::text),
        seconds(source, "created_after"),
        seconds(source, "created_before"),
        source
            .optional("limit")
            .map(limit -> OptionalInt.of((int) limit.integer(1, ROWS_MAX)))
            .orElse(OptionalInt.empty()));
  }

  private static OptionalLong seconds(JsonField source, String name) {
    return source
        .optional(name)
        .map(time -> OptionalLong.of(time.integer(0, Long.MAX_VALUE / 1000)))
        .orElse(OptionalLong.empty());
  }

  private static Input input(JsonField json) {
    JsonField type = json.required("type");
    return switch (type.text()) {
      case "template" -> new Input.Template(MessageReader.read(json.required("template")));
      case "item_reference" -> {
        JsonField path = json.required("item_reference");
        try {
          Scope.check(path.text());
        } catch (IllegalArgumentException e) {
          throw path.refusal("Invalid reference: " + e.getMessage() + ".");
        }
        yield new Input.Reference(path.text());
      }
      default ->
          throw ApiException.invalidValue(
              type.path(), type.shown(), List.of("template", "item_reference"));
    };
  }

  /// As a chat completion takes them, with the API's defaults for evals.
  private static ObjectNode settings(JsonField source) {
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    settings.put("temperature", 1.0).put("top_p", 1.0).put("seed", 42);
    source
        .optional("sampling_params")
        .ifPresent(given -> {
          for (String name :
              List.of(
                  "temperature",
                  "top_p",
                  "seed",
                  "max_completion_tokens",
                  "response_format",
                  "tools")) {
            given.optional(name).ifPresent(value -> settings.set(name, value.json()));
          }
          given
              .optional("text")
              .flatMap(text -> text.optional("format"))
              .ifPresent(format -> settings.set("response_format", chatFormat(format)));
        });
    return settings;
  }

  /// The responses API writes name and schema beside the type.
  private static JsonNode chatFormat(JsonField format) {
    if (!format.required("type").text().equals("json_schema")) {
      return format.json();
    }
    ObjectNode inner = format.asObject().deepCopy().asObject();
    inner.remove("type");
    ObjectNode outer = JsonNodeFactory.instance.objectNode().put("type", "json_schema");
    outer.set("json_schema", inner);
    return outer;
  }
}
