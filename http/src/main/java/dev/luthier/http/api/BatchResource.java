package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.Fields;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.PageQuery;
import dev.luthier.http.request.Value;
import dev.luthier.platform.batches.Batch;
import dev.luthier.platform.batches.BatchService;
import dev.luthier.platform.batches.BatchState;
import dev.luthier.platform.batches.CreateBatch;
import dev.luthier.platform.files.FileService;
import dev.luthier.platform.idempotency.IdempotentCreations;
import dev.luthier.wire.Json;
import dev.luthier.wire.api.BatchObject;
import dev.luthier.wire.api.CursorPage;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// `/v1/batches`.
public final class BatchResource {
  private static final int LIMIT_DEFAULT = 20;
  private static final int LIMIT_MAX = 100;
  private static final String WINDOW = "24h";
  private static final int LINE_BYTES_MAX = 16 << 20;

  private final BatchService batches;
  private final IdempotentCreations creations;
  private final FileService files;
  private final ModelAccess access;

  /// @param files where a batch's requests are read
  public BatchResource(
      BatchService batches, IdempotentCreations creations, FileService files, ModelAccess access) {
    this.batches = batches;
    this.creations = creations;
    this.files = files;
    this.access = access;
  }

  void create(Context context) throws IOException {
    var body = JsonBody.read(context);
    var inputFileId = body.required("input_file_id").string();
    var endpoint = body.required("endpoint").oneOf(CreateBatch.ENDPOINTS);
    body.required("completion_window").oneOf(List.of(WINDOW));
    var order =
        new CreateBatch(
            inputFileId,
            endpoint,
            body.optional("metadata").map(Value::metadata).orElse(Map.of()),
            body.optional("output_expires_after")
                .map(Value::object)
                .map(BatchResource::seconds)
                .orElse(OptionalLong.empty()));
    if (ModelAccess.project(context).isPresent()) {
      firstLine(inputFileId).ifPresent(line -> access.checkAll(context, line.path("body")));
    }
    var batch =
        creations.once(
            IdempotencyKey.of(context),
            body.json().toString(),
            new IdempotentCreations.Thing<>(
                "batch", () -> batches.create(order), Batch::id, batches::get));
    Answers.json(context, object(batch));
  }

  /// The first request of a file, whose model is that of all; empty where there is none that could
  /// be read, which is said when the file is checked.
  private Optional<JsonNode> firstLine(String fileId) throws IOException {
    batches.checkInput(fileId);
    try (var content = files.open(fileId).stream()) {
      return new String(content.readNBytes(LINE_BYTES_MAX), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .findFirst()
          .map(Json::tree);
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }

  private static OptionalLong seconds(Fields expiry) {
    expiry.required("anchor").oneOf(List.of("created_at"));
    var value = expiry.required("seconds");
    long seconds = value.integer(Long.MIN_VALUE, Long.MAX_VALUE);
    FileService.checkExpiry(value.path(), seconds);
    return OptionalLong.of(seconds);
  }

  void list(Context context) {
    var page = batches.list(PageQuery.read(context, LIMIT_DEFAULT, LIMIT_MAX));
    Answers.json(
        context,
        CursorPage.of(
            page.data().stream().map(BatchResource::object).toList(),
            BatchObject::id,
            page.hasMore()));
  }

  void get(Context context) {
    Answers.json(context, object(batches.get(context.pathParam("id"))));
  }

  void cancel(Context context) {
    Answers.json(context, object(batches.cancel(context.pathParam("id"))));
  }

  private static BatchObject object(Batch batch) {
    var counts = batch.counts();
    var tokens = batch.tokens();
    return new BatchObject(
        batch.id(),
        "batch",
        batch.order().endpoint(),
        batch.model(),
        errors(batch),
        batch.order().inputFileId(),
        WINDOW,
        batch.state().text(),
        batch.outputFileId(),
        batch.errorFileId(),
        batch.createdAt().getEpochSecond(),
        time(batch, BatchState.IN_PROGRESS),
        batch.expiresAt().getEpochSecond(),
        time(batch, BatchState.FINALIZING),
        time(batch, BatchState.COMPLETED),
        time(batch, BatchState.FAILED),
        time(batch, BatchState.EXPIRED),
        time(batch, BatchState.CANCELLING),
        time(batch, BatchState.CANCELLED),
        new BatchObject.RequestCounts(counts.total(), counts.completed(), counts.failed()),
        new BatchObject.TokenUsage(
            tokens.input(),
            new BatchObject.InputDetails(tokens.cached()),
            tokens.output(),
            new BatchObject.OutputDetails(0),
            tokens.total()),
        batch.order().metadata());
  }

  private static Optional<BatchObject.Errors> errors(Batch batch) {
    var faults =
        batch.errors().stream()
            .map(error ->
                new BatchObject.Fault(error.code(), error.message(), error.param(), error.line()))
            .toList();
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of(new BatchObject.Errors("list", faults));
  }

  private static Optional<Long> time(Batch batch, BatchState entered) {
    return batch.time(entered).map(Instant::getEpochSecond);
  }
}
