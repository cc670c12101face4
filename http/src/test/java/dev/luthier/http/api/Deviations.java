package dev.luthier.http.api;

import dev.luthier.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What we offer of OpenAI's API and where our answers differ from its description, as reviewed in
/// `deviations.yaml`.
///
/// @param offered operations as `METHOD /path`
record Deviations(
    List<String> offered,
    List<SchemaChange> schemas,
    List<Content> contents,
    List<Behaviour> behaviour,
    List<Absence> notOffered) {

  /// A schema that says something else here.
  ///
  /// @param at JSON pointer into the schema
  /// @param add what is appended to the array there
  /// @param set what stands there instead
  /// @param join the properties that join those there
  record SchemaChange(
      String schema,
      String at,
      Optional<JsonNode> add,
      Optional<JsonNode> set,
      Optional<JsonNode> join,
      List<String> operations,
      String differs,
      String surface) {
    SchemaChange {
      // Jackson makes a value of what is not there.
      add = add.filter(value -> !value.isNull() && !value.isMissingNode());
      set = set.filter(value -> !value.isNull() && !value.isMissingNode());
      join = join.filter(JsonNode::isObject);
      if (Stream.of(add, set, join).filter(Optional::isPresent).count() != 1) {
        throw new IllegalArgumentException(schema + at + " needs one of 'add', 'set' and 'join'");
      }
    }
  }

  /// An answer of another type.
  ///
  /// @param schema of an answer that the description leaves out; empty: bytes
  record Content(
      String operation, String type, Optional<JsonNode> schema, String differs, String surface) {
    Content {
      schema = schema.filter(value -> !value.isNull() && !value.isMissingNode());
    }
  }

  /// What a schema cannot say.
  record Behaviour(List<String> operations, String differs, String surface) {}

  /// @param paths a regular expression over whole paths
  record Absence(String paths, String why) {}

  static Deviations read() {
    var lenient =
        Json.mapper()
            .rebuild()
            .disable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();
    return lenient.treeToValue(yaml("deviations.yaml"), Deviations.class);
  }

  /// A resource beside this class.
  static JsonNode yaml(String name) {
    try (InputStream stream = Deviations.class.getResourceAsStream(name)) {
      return new YAMLMapper().readTree(Objects.requireNonNull(stream, name));
    } catch (IOException e) {
      throw new IllegalStateException(name + " cannot be read", e);
    }
  }

  /// How an operation differs, in sentences.
  List<String> of(String operation) {
    var changes =
        schemas.stream()
            .filter(change -> change.operations().contains(operation))
            .map(SchemaChange::differs);
    var others =
        behaviour.stream()
            .filter(some -> some.operations().contains(operation))
            .map(Behaviour::differs);
    var types =
        contents.stream().filter(some -> some.operation().equals(operation)).map(Content::differs);
    return Stream.of(changes, types, others).flatMap(Function.identity()).distinct().toList();
  }

  /// Why an operation is not offered.
  Optional<String> absence(String operation) {
    var path = operation.substring(operation.indexOf(' ') + 1);
    return notOffered.stream()
        .filter(some -> path.matches(some.paths()))
        .map(Absence::why)
        .findFirst();
  }
}
