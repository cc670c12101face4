package dev.luthier.platform.evals;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.files.BlobStore;
import dev.luthier.platform.files.FileStore;
import dev.luthier.platform.files.StoredFile;
import dev.luthier.platform.stored.CompletionQuery;
import dev.luthier.platform.stored.CompletionService;
import dev.luthier.platform.stored.ResponseService;
import dev.luthier.platform.stored.StoredCompletion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the rows of runs. Safe for many threads.
public final class RowReader {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int ROWS_MAX = 10_000;
  private static final long BYTES_MAX = 64L << 20;
  private static final int PAGE = 100;

  private final FileStore files;
  private final BlobStore blobs;
  private final CompletionService completions;
  private final KeptResponses responses;
  private final Clock clock;

  /// A row.
  ///
  /// @param sample that came with it
  record Row(JsonNode item, Optional<JsonNode> sample) {}

  public RowReader(
      FileStore files,
      BlobStore blobs,
      CompletionService completions,
      ResponseService responses,
      Clock clock) {
    this.files = files;
    this.blobs = blobs;
    this.completions = completions;
    this.responses = new KeptResponses(responses);
    this.clock = clock;
  }

  /// Refuses what can be seen without reading the rows: a file that is not there or too large.
  void check(RunSource.Rows rows) {
    if (rows instanceof RunSource.Rows.File(String id)) {
      file(id);
    }
  }

  /// All rows in their order; a fault is an `ApiException` for whoever made the run.
  List<Row> read(RunSource.Rows rows) throws IOException {
    List<Row> read =
        switch (rows) {
          case RunSource.Rows.Content(List<JsonNode> lines) ->
              lines.stream().map(RowReader::row).toList();
          case RunSource.Rows.File(String id) -> lines(id);
          case RunSource.Rows.Stored stored -> stored(stored);
          case RunSource.Rows.Responses kept -> responses.rows(kept, ROWS_MAX);
        };
    if (read.isEmpty()) {
      throw refused("The data source has no rows.");
    }
    return read;
  }

  private StoredFile file(String id) {
    StoredFile file =
        Optional.of(id)
            .filter(text -> text.matches(StoredFile.ID_PATTERN))
            .flatMap(known -> files.find(known, clock.instant()))
            .orElseThrow(() ->
                refused(
                    "No such File object: %s. Upload the rows as a file of purpose 'evals' first."
                        .formatted(ApiException.shown(id))));
    if (file.bytes() > BYTES_MAX) {
      throw refused(
          "File %s has %d bytes; the rows of a run may have %d."
              .formatted(id, file.bytes(), BYTES_MAX));
    }
    return file;
  }

  private List<Row> lines(String fileId) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (var reader =
        new BufferedReader(
            new InputStreamReader(blobs.open(file(fileId).id()), StandardCharsets.UTF_8))) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        String text = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
        if (!text.isBlank()) {
          rows.add(line(text, number, fileId));
        }
        if (rows.size() > ROWS_MAX) {
          throw refused(
              "File %s has more than %d rows, which is the most of one run."
                  .formatted(fileId, ROWS_MAX));
        }
      }
    }
    return rows;
  }

  private static Row line(String text, int number, String fileId) {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JacksonException e) {
      throw refused(
          "Line %d of %s is not JSON: %s".formatted(number, fileId, e.getOriginalMessage()));
    }
    if (!json.path("item").isObject()) {
      throw refused(
          "Line %d of %s has no object 'item'. A row is written {\"item\": {…}}, with a 'sample' beside it where it brings one."
              .formatted(number, fileId));
    }
    return row(json);
  }

  private static Row row(JsonNode json) {
    return new Row(
        json.get("item"),
        json.path("sample").isObject() ? Optional.of(json.get("sample")) : Optional.empty());
  }

  /// Newest first, as many as wanted.
  private List<Row> stored(RunSource.Rows.Stored wanted) {
    List<Row> rows = new ArrayList<>();
    int most = wanted.limit().orElse(ROWS_MAX);
    Optional<String> after = Optional.empty();
    boolean more = true;
    while (more && rows.size() < most) {
      var page =
          completions.list(
              new CompletionQuery(
                  new PageRequest(after, PAGE), wanted.model(), wanted.metadata(), true));
      page.data().stream()
          .filter(each -> inTime(each, wanted))
          .limit(most - rows.size())
          .map(RowReader::row)
          .forEach(rows::add);
      more = page.hasMore();
      after = page.data().stream().map(StoredCompletion::id).reduce((_, last) -> last);
    }
    return rows;
  }

  private static boolean inTime(StoredCompletion completion, RunSource.Rows.Stored wanted) {
    long time = completion.createdAt().getEpochSecond();
    return time >= wanted.createdAfter().orElse(Long.MIN_VALUE)
        && time <= wanted.createdBefore().orElse(Long.MAX_VALUE);
  }

  /// What was asked is the row's `input`; what was answered is its sample.
  private static Row row(StoredCompletion completion) {
    ObjectNode item = JsonNodeFactory.instance.objectNode();
    item.put("id", completion.id()).put("model", completion.model());
    item.set("input", JSON.readTree(completion.messages()));
    ObjectNode metadata = item.putObject("metadata");
    completion.metadata().forEach(metadata::put);
    JsonNode message = JSON.readTree(completion.answer()).at("/choices/0/message");
    ObjectNode sample = JsonNodeFactory.instance.objectNode();
    sample.put("output_text", message.path("content").asString(""));
    sample.set(
        "output_tools",
        message.path("tool_calls").isArray()
            ? message.get("tool_calls")
            : JsonNodeFactory.instance.arrayNode());
    sample.put("model", completion.model());
    return new Row(item, Optional.of(sample));
  }

  private static ApiException refused(String message) {
    return new ApiException(ErrorCode.INVALID_REQUEST, message, Optional.of("data_source.source"));
  }
}
