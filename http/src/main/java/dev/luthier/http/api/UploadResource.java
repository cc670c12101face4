package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.Fields;
import dev.luthier.http.request.JsonBody;
import dev.luthier.http.request.UploadReader;
import dev.luthier.http.request.Value;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.files.StoredFile;
import dev.luthier.platform.idempotency.IdempotentCreations;
import dev.luthier.platform.uploads.CreateUpload;
import dev.luthier.platform.uploads.Upload;
import dev.luthier.platform.uploads.UploadService;
import dev.luthier.wire.api.UploadObject;
import dev.luthier.wire.api.UploadPartObject;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// `/v1/uploads`: files in parts.
public final class UploadResource {

  private static final int PARTS_MAX = 10_000;

  private final UploadService uploads;
  private final UploadReader parts;
  private final IdempotentCreations creations;

  /// @param parts reads a part of at most [UploadService#PART_BYTES_MAX] bytes
  public UploadResource(UploadService uploads, UploadReader parts, IdempotentCreations creations) {
    this.uploads = uploads;
    this.parts = parts;
    this.creations = creations;
  }

  void create(Context context) throws IOException {
    var body = JsonBody.read(context);
    var filename = body.required("filename").string(1024);
    var purpose = body.required("purpose").string();
    long bytes = body.required("bytes").integer(Long.MIN_VALUE, Long.MAX_VALUE);
    // What the client calls its type says nothing that the purpose does not.
    body.required("mime_type").string();
    var seconds = body.optional("expires_after").map(Value::object).map(UploadResource::seconds);
    var announced =
        new CreateUpload(
            filename, purpose, bytes, seconds.map(OptionalLong::of).orElse(OptionalLong.empty()));
    var upload =
        creations.once(
            IdempotencyKey.of(context),
            body.json().toString(),
            new IdempotentCreations.Thing<>(
                "upload", () -> uploads.create(announced), Upload::id, uploads::get));
    Answers.json(context, object(upload, uploads.file(upload)));
  }

  private static long seconds(Fields expiry) {
    expiry.required("anchor").oneOf(List.of("created_at"));
    return expiry.required("seconds").integer(Long.MIN_VALUE, Long.MAX_VALUE);
  }

  void add(Context context) throws IOException {
    try (var form = parts.read(context)) {
      var data = form.file("data").orElseThrow(() -> ApiException.missing("data"));
      try (var content = data.open()) {
        var part = uploads.add(context.pathParam("id"), content);
        Answers.json(
            context,
            new UploadPartObject(
                part.id(), "upload.part", part.createdAt().getEpochSecond(), part.uploadId()));
      }
    }
  }

  void complete(Context context) throws IOException {
    var body = JsonBody.read(context);
    var partIds =
        body.required("part_ids").filledArray(PARTS_MAX).stream().map(Value::string).toList();
    var completed =
        uploads.complete(context.pathParam("id"), partIds, body.optional("md5").map(Value::string));
    Answers.json(context, object(completed.upload(), Optional.of(completed.file())));
  }

  void cancel(Context context) {
    Answers.json(context, object(uploads.cancel(context.pathParam("id")), Optional.empty()));
  }

  private static UploadObject object(Upload upload, Optional<StoredFile> file) {
    return new UploadObject(
        upload.id(),
        "upload",
        upload.bytes(),
        upload.createdAt().getEpochSecond(),
        upload.filename(),
        upload.purpose().text(),
        upload.state().text(),
        upload.expiresAt().getEpochSecond(),
        file.map(FileResource::object));
  }
}
