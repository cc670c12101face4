package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.luthier.http.RawHttp;
import dev.luthier.wire.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Holds answers against the description, and remembers which operations it has seen answer how.
final class Contract {
  private static final String JSON = "application/json";

  private final JsonNode description;
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<JsonNode, Schema> compiled = new HashMap<>();
  private final Map<String, Set<Integer>> seen = new TreeMap<>();
  private final Set<String> faults = new TreeSet<>();

  Contract(JsonNode description) {
    this.description = description;
  }

  /// Statuses by operation.
  Map<String, Set<Integer>> seen() {
    return seen;
  }

  /// What was found in all answers so far; empty when each was as described.
  Set<String> faults() {
    return faults;
  }

  /// The JSON of an answer that has the success it is described with.
  JsonNode ok(String operation, RawHttp.Answer answer) {
    assertEquals(200, answer.status(), () -> operation + ": " + answer.text());
    return checked(operation, answer);
  }

  /// The same of something that was made.
  JsonNode created(String operation, RawHttp.Answer answer) {
    assertEquals(201, answer.status(), () -> operation + ": " + answer.text());
    return checked(operation, answer);
  }

  /// An answer that is no JSON.
  void bytes(String operation, RawHttp.Answer answer) {
    assertEquals(200, answer.status(), () -> operation + ": " + answer.text());
    assertEquals("application/octet-stream", answer.header("content-type"), operation);
    assertTrue(content(operation, 200).has("application/octet-stream"), operation);
    seen.computeIfAbsent(operation, _ -> new TreeSet<>()).add(200);
  }

  /// A refusal in the envelope.
  void refused(String operation, int status, RawHttp.Answer answer) {
    assertEquals(status, answer.status(), () -> operation + ": " + answer.text());
    checked(operation, answer);
  }

  private JsonNode checked(String operation, RawHttp.Answer answer) {
    seen.computeIfAbsent(operation, _ -> new TreeSet<>()).add(answer.status());
    assertEquals(JSON, answer.header("content-type"), operation);
    assertTrue(answer.header("x-request-id").matches("req_[0-9a-f]{32}"), operation);
    headers(operation, answer);
    var json = Json.tree(answer.text());
    judge(operation + " " + answer.status(), content(operation, answer.status()).get(JSON), json);
    return json;
  }

  private static void headers(String operation, RawHttp.Answer answer) {
    assertEquals("2020-10-01", answer.header("openai-version"), operation);
    assertEquals("personal", answer.header("openai-organization"), operation);
    assertTrue(answer.header("openai-processing-ms").matches("[0-9]+"), operation);
  }

  /// The events of a stream, each as it is described: by a schema of its own, or as whole answers.
  List<JsonNode> streamed(String operation, RawHttp.Answer answer) {
    assertEquals(200, answer.status(), () -> operation + ": " + answer.text());
    assertEquals("text/event-stream; charset=utf-8", answer.header("content-type"), operation);
    headers(operation, answer);
    var content = content(operation, 200);
    var described =
        content.has("text/event-stream") ? content.get("text/event-stream") : content.get(JSON);
    List<JsonNode> events = new ArrayList<>();
    answer
        .text()
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .forEach(line -> {
          var event = Json.tree(line.substring("data: ".length()));
          judge(operation + " stream", chosen(described, event), event);
          events.add(event);
        });
    assertTrue(events.size() > 1, () -> operation + ": " + answer.text());
    return events;
  }

  /// Of a union of events the one that the event says it is, so that its faults are told and not
  /// those of all others.
  private JsonNode chosen(JsonNode described, JsonNode event) {
    var union = resolved(described.get("schema"));
    for (var option : union.path("anyOf")) {
      var types = resolved(option).path("properties").path("type").path("enum");
      if (union.has("discriminator") && types.valueStream().anyMatch(event.path("type")::equals)) {
        return JsonNodeFactory.instance.objectNode().set("schema", option);
      }
    }
    return described;
  }

  private JsonNode resolved(JsonNode schema) {
    var reference = schema.path("$ref").asString("");
    return reference.isEmpty() ? schema : description.at(reference.substring(1));
  }

  private JsonNode content(String operation, int status) {
    var parts = operation.split(" ", 2);
    var responses =
        description
            .get("paths")
            .required(parts[1])
            .required(parts[0].toLowerCase(Locale.ROOT))
            .get("responses");
    var name = Integer.toString(status);
    assertTrue(status >= 400 || responses.has(name), operation + " is not described as " + name);
    return responses.get(responses.has(name) ? name : "default").get("content");
  }

  private void judge(String what, JsonNode described, JsonNode answer) {
    var found = compiled.computeIfAbsent(described.get("schema"), this::compile).validate(answer);
    found.forEach(fault -> faults.add(what + ": " + fault));
  }

  private Schema compile(JsonNode schema) {
    var whole = ((ObjectNode) schema).deepCopy();
    whole.set("components", description.get("components"));
    return registry.getSchema(whole);
  }
}
