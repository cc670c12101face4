package dev.luthier.wire;

import java.io.InputStream;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/// The one JSON mapper of Luthier: snake_case, keys in the order the records declare them, and
/// strict when it reads.
///
/// Strict means that every component of a record must be there (an unset `Optional` is written as
/// null, and only an `Optional` may be null), and that an unknown key, a duplicate key, trailing
/// text, a number where a string is wanted, a string where a number is wanted and a fraction where
/// an integer is wanted are errors that name the key. Every method throws Jackson's unchecked
/// [JacksonException]. Thread safe.
public final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          // The order of keys is part of the public API: it is that of the record's components.
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .withCoercionConfig(
              LogicalType.Textual,
              config ->
                  config
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  private static final ObjectWriter PRETTY = MAPPER.writer().with(prettyPrinter());

  private Json() {}

  /// The mapper itself, for what the shorthands below do not cover (streams of values, nodes).
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /// `value` as UTF-8 JSON on one line.
  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  /// `value` as JSON on one line.
  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /// `value` as UTF-8 JSON, indented by two spaces, as OpenAI's API prints its answers.
  public static byte[] prettyBytes(Object value) {
    return PRETTY.writeValueAsBytes(value);
  }

  /// Reads one value of `type` from UTF-8 JSON.
  public static <T> T read(byte[] json, Class<T> type) {
    return MAPPER.readValue(json, type);
  }

  /// Reads one value of `type`.
  public static <T> T read(String json, Class<T> type) {
    return MAPPER.readValue(json, type);
  }

  /// Reads one value of `type` from a stream of UTF-8 JSON and closes the stream. The caller limits
  /// its length.
  public static <T> T read(InputStream json, Class<T> type) {
    return MAPPER.readValue(json, type);
  }

  /// Reads one JSON value of any shape. Empty input gives a missing node.
  public static JsonNode tree(byte[] json) {
    return MAPPER.readTree(json);
  }

  /// Reads one JSON value of any shape. Empty input gives a missing node.
  public static JsonNode tree(String json) {
    return MAPPER.readTree(json);
  }

  private static DefaultPrettyPrinter prettyPrinter() {
    var indenter = new DefaultIndenter("  ", "\n");
    var separators =
        Separators.createDefaultInstance()
            .withObjectNameValueSpacing(Separators.Spacing.AFTER)
            .withObjectEmptySeparator("")
            .withArrayEmptySeparator("");
    return new DefaultPrettyPrinter(separators)
        .withObjectIndenter(indenter)
        .withArrayIndenter(indenter);
  }
}
