package dev.luthier.platform.batches;

import dev.luthier.text.rows.Line;
import dev.luthier.text.rows.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Checks a file of requests, line by line; blank lines are passed over.
final class BatchFile {
  /// The most requests of one file.
  static final int LINES_MAX = 50_000;

  /// As much as an endpoint takes at once.
  static final int LINE_BYTES_MAX = 16 << 20;

  private static final int CUSTOM_ID_MAX = 512;
  private static final int ERRORS_MAX = 100;

  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String endpoint;
  private final Predicate<String> models;
  private final List<BatchError> errors = new ArrayList<>();
  private final Set<String> customIds = new HashSet<>();
  private Optional<String> model = Optional.empty();
  private int lines;

  /// What a file holds.
  ///
  /// @param errors empty when every line can be asked
  record Findings(Optional<String> model, List<BatchError> errors, int lines) {}

  private BatchFile(String endpoint, Predicate<String> models) {
    this.endpoint = endpoint;
    this.models = models;
  }

  /// Checks every line.
  ///
  /// @param models whether a name is that of a model which can be asked
  static Findings check(InputStream content, String endpoint, Predicate<String> models)
      throws IOException {
    var file = new BatchFile(endpoint, models);
    var reader = new LineReader(content, LINE_BYTES_MAX);
    for (var line = reader.next(); line.isPresent(); line = reader.next()) {
      file.check(line.get());
    }
    if (file.lines == 0) {
      file.complain(0, "empty_file", "", "The input file holds no requests.");
    } else if (file.lines > LINES_MAX) {
      file.complain(
          0,
          "max_requests_exceeded",
          "",
          "The file holds %d requests; a batch may have %d. Make several batches of it."
              .formatted(file.lines, LINES_MAX));
    }
    return new Findings(file.model, List.copyOf(file.errors), file.lines);
  }

  private void check(Line line) {
    switch (line) {
      case Line.Text(int number, String text) -> {
        if (!text.isBlank()) {
          lines++;
          check(number, text);
        }
      }
      case Line.NotUtf8(int number, int _, int column, long _, int _) -> {
        lines++;
        complain(number, "invalid_json_line", "", "Byte %d is not UTF-8.".formatted(column));
      }
      case Line.TooLong(int number, int bytesMax) -> {
        lines++;
        complain(
            number,
            "invalid_json_line",
            "",
            "The line has more than the %d bytes that one request may have.".formatted(bytesMax));
      }
    }
  }

  private void check(int number, String text) {
    JsonNode line;
    try {
      line = JSON.readTree(text);
    } catch (JacksonException broken) {
      complain(
          number,
          "invalid_json_line",
          "",
          "This line is not parseable as valid JSON (%s)."
              .formatted(
                  Optional.ofNullable(broken.getLocation())
                      .map(place -> "column " + place.getColumnNr())
                      .orElse("it is nested too deep, or holds a number that is too long")));
      return;
    }
    if (!line.isObject()) {
      complain(number, "invalid_json_line", "", "This line is not a JSON object.");
      return;
    }
    checkCustomId(number, line);
    checkText(number, line, "method", "POST", "invalid_method");
    checkText(number, line, "url", endpoint, "invalid_url");
    checkBody(number, line.path("body"));
  }

  private void checkCustomId(int number, JsonNode line) {
    var id = line.path("custom_id");
    if (!id.isString() || id.asString().isEmpty() || id.asString().length() > CUSTOM_ID_MAX) {
      complain(
          number,
          "missing_required_parameter",
          "custom_id",
          "Every line needs a 'custom_id', a string of 1 to %d characters."
              .formatted(CUSTOM_ID_MAX));
    } else if (!customIds.add(id.asString())) {
      complain(
          number,
          "duplicate_custom_id",
          "custom_id",
          "The custom_id '%s' stands on an earlier line too; each may stand once."
              .formatted(id.asString()));
    }
  }

  private void checkText(int number, JsonNode line, String name, String wanted, String code) {
    var value = line.path(name);
    if (!value.isString() || !value.asString().equals(wanted)) {
      complain(number, code, name, "The '%s' of every line must be '%s'.".formatted(name, wanted));
    }
  }

  private void checkBody(int number, JsonNode body) {
    if (!body.isObject()) {
      complain(
          number,
          "missing_required_parameter",
          "body",
          "Every line needs a 'body', the JSON object that %s takes.".formatted(endpoint));
      return;
    }
    if (body.path("stream").asBoolean(false)) {
      complain(
          number,
          "unsupported_parameter",
          "body.stream",
          "Answers of a batch cannot be streamed; leave 'stream' out.");
    }
    if (!body.path("model").isString()) {
      complain(number, "missing_required_parameter", "body.model", "Every body needs a 'model'.");
      return;
    }
    checkModel(number, body.path("model").asString());
  }

  private void checkModel(int number, String named) {
    if (model.isEmpty()) {
      model = Optional.of(named);
      if (!models.test(named)) {
        complain(
            number,
            "model_not_found",
            "body.model",
            "The model '%s' does not exist.".formatted(named));
      }
    } else if (!model.get().equals(named)) {
      complain(
          number,
          "mismatched_model",
          "body.model",
          "The model '%s' is not that of the first line, '%s'; a batch asks one model."
              .formatted(named, model.get()));
    }
  }

  /// @param param none if empty
  private void complain(int number, String code, String param, String message) {
    if (errors.size() < ERRORS_MAX) {
      errors.add(
          new BatchError(
              code,
              message,
              Optional.of(param).filter(text -> !text.isEmpty()),
              Optional.of(number).filter(line -> line > 0)));
    }
  }
}
