package dev.luthier.http.api;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Cuts OpenAI's description down to what we offer and writes our deviations into it.
final class OfferedDescription {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String REFERENCE = "#/components/schemas/";

  /// Words for readers: they say what OpenAI does, at length.
  private static final Set<String> WORDS =
      Set.of("description", "example", "examples", "title", "externalDocs");

  private final JsonNode original;
  private final Deviations deviations;

  OfferedDescription(JsonNode original, Deviations deviations) {
    this.original = original;
    this.deviations = deviations;
  }

  /// All operations of the original, as `METHOD /path`, in its order.
  static List<String> operations(JsonNode description) {
    return description.get("paths").properties().stream()
        .filter(path -> !path.getKey().contains("?"))
        .flatMap(path ->
            path.getValue().properties().stream()
                .map(method -> method.getKey().toUpperCase(Locale.ROOT))
                .filter(Set.of("GET", "POST", "DELETE", "PUT", "PATCH")::contains)
                .map(method -> method + " " + path.getKey()))
        .toList();
  }

  ObjectNode offered() {
    var offered = JSON.objectNode();
    offered.put("openapi", "3.1.0");
    var info = offered.putObject("info");
    info.put("title", "Luthier");
    info.put("version", original.get("info").get("version").asString());
    info.put(
        "description",
        "What Luthier offers of OpenAI's API. Cut out of OpenAI's description (MIT, copyright OpenAI);"
            + " where answers differ, their schemas say what Luthier answers.");
    info.putObject("license").put("name", "MIT");
    offered.putArray("servers").addObject().put("url", "/v1");
    offered.putArray("security").addObject().putArray("ApiKeyAuth");
    var paths = offered.putObject("paths");
    for (var operation : deviations.offered()) {
      var parts = operation.split(" ", 2);
      var method = parts[0].toLowerCase(Locale.ROOT);
      var source = original.path("paths").path(parts[1]).path(method);
      if (source.isMissingNode()) {
        throw new IllegalStateException("OpenAI's description has no " + operation);
      }
      var copy = operation(source);
      deviations.contents().stream()
          .filter(change -> change.operation().equals(operation))
          .forEach(change -> replace(copy.get("responses"), change));
      paths.withObjectProperty(parts[1]).set(method, copy);
    }
    var components = offered.putObject("components");
    var bearer = components.putObject("securitySchemes").putObject("ApiKeyAuth");
    bearer.put("type", "http").put("scheme", "bearer");
    components.set("schemas", schemas(paths));
    return offered;
  }

  private static ObjectNode operation(JsonNode source) {
    var copy = JSON.objectNode();
    copy.set("operationId", source.get("operationId"));
    copy.put("summary", firstSentence(source.get("summary").asString()));
    for (var name : List.of("parameters", "requestBody")) {
      if (source.has(name)) {
        copy.set(name, plain(source.get(name)));
      }
    }
    var responses = copy.putObject("responses");
    for (var response : source.get("responses").properties()) {
      if (response.getKey().startsWith("2")) {
        described(responses, response.getKey(), "The answer", response.getValue().get("content"));
      }
    }
    var envelope = JSON.objectNode();
    envelope
        .putObject("application/json")
        .putObject("schema")
        .put("$ref", REFERENCE + "ErrorResponse");
    described(responses, "default", "A refusal or a failure", envelope);
    return copy;
  }

  /// The rest often tells of things that are otherwise here.
  private static String firstSentence(String text) {
    return text.strip().replaceAll("\\s+", " ").replaceFirst("\\. .*", ".");
  }

  private static void replace(JsonNode responses, Deviations.Content change) {
    var answer = (ObjectNode) responses.get("200");
    // A schema stands beside those that there are; bytes are instead of them.
    var content =
        change.schema().isPresent()
            ? answer.withObjectProperty("content")
            : answer.putObject("content");
    var bytes = JSON.objectNode().put("type", "string").put("contentMediaType", change.type());
    content.putObject(change.type()).set("schema", change.schema().orElse(bytes));
  }

  private static void described(
      ObjectNode responses, String status, String words, JsonNode content) {
    var response = responses.putObject(status).put("description", words);
    if (content != null) {
      response.set("content", plain(content));
    }
  }

  private ObjectNode schemas(JsonNode paths) {
    Set<String> known = new TreeSet<>();
    Deque<JsonNode> open = new ArrayDeque<>(List.of(paths));
    while (!open.isEmpty()) {
      for (var name : references(open.pop())) {
        if (known.add(name)) {
          open.push(plain(schema(name)));
        }
      }
    }
    var schemas = JSON.objectNode();
    known.forEach(name -> schemas.set(name, plain(schema(name))));
    deviations.schemas().forEach(change -> apply(schemas, change));
    return schemas;
  }

  private JsonNode schema(String name) {
    return original.get("components").get("schemas").required(name);
  }

  private static Set<String> references(JsonNode node) {
    Set<String> names = new TreeSet<>();
    node.findValuesAsString("$ref").stream()
        .filter(reference -> reference.startsWith(REFERENCE))
        .forEach(reference -> names.add(reference.substring(REFERENCE.length())));
    return names;
  }

  private static void apply(ObjectNode schemas, Deviations.SchemaChange change) {
    var schema = schemas.required(change.schema());
    var place = schema.at(change.at());
    if (place.isMissingNode()) {
      throw new IllegalStateException(change.schema() + " has nothing at " + change.at());
    }
    change.add().ifPresent(value -> ((ArrayNode) place).add(value));
    change.join().ifPresent(value -> ((ObjectNode) place).setAll((ObjectNode) value));
    change
        .set()
        .ifPresent(value -> {
          int cut = change.at().lastIndexOf('/');
          ((ObjectNode) schema.at(change.at().substring(0, cut)))
              .set(change.at().substring(cut + 1), value);
        });
  }

  /// A copy without words for readers, and with what OpenAPI 3.0 called `nullable` and a boolean
  /// `exclusiveMinimum` in the words of 3.1.
  private static JsonNode plain(JsonNode node) {
    return copy(node, false);
  }

  /// @param names whether the keys of `node` are names of properties and no words
  private static JsonNode copy(JsonNode node, boolean names) {
    if (node instanceof ArrayNode array) {
      var copy = JSON.arrayNode();
      array.forEach(element -> copy.add(copy(element, false)));
      return copy;
    }
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    var copy = JSON.objectNode();
    for (var field : object.properties()) {
      boolean dropped =
          !names
              && (field.getKey().startsWith("x-")
                  || WORDS.contains(field.getKey())
                  || isWrongDiscriminator(field.getKey(), field.getValue()));
      if (!dropped) {
        boolean properties = !names && field.getKey().equals("properties");
        copy.set(field.getKey(), copy(field.getValue(), properties));
      }
    }
    return names ? copy : modern(copy);
  }

  /// Without a mapping the values would have to be names of schemas, which OpenAI's are not.
  private static boolean isWrongDiscriminator(String key, JsonNode value) {
    return key.equals("discriminator") && !value.has("mapping");
  }

  private static JsonNode modern(ObjectNode schema) {
    if (schema.path("exclusiveMinimum").isBoolean()) {
      schema.set("exclusiveMinimum", schema.remove("minimum"));
    }
    boolean nullable = Optional.ofNullable(schema.remove("nullable")).isPresent();
    if (schema.get("allOf") instanceof ArrayNode parts) {
      // A part that said nothing but `nullable` has become an alternative to null and nothing.
      for (int i = parts.size() - 1; i >= 0; i--) {
        if (parts.get(i).equals(orNull(JSON.objectNode()))) {
          parts.remove(i);
          nullable = true;
        }
      }
    }
    return nullable ? orNull(schema) : schema;
  }

  private static ObjectNode orNull(ObjectNode schema) {
    var either = JSON.objectNode();
    either.putArray("anyOf").add(schema).addObject().put("type", "null");
    return either;
  }
}
