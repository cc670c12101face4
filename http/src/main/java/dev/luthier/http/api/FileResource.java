package dev.luthier.http.api;

import dev.luthier.http.Answers;
import dev.luthier.http.request.PageQuery;
import dev.luthier.http.request.UploadForm;
import dev.luthier.http.request.UploadReader;
import dev.luthier.http.request.UploadedFile;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.files.FilePurpose;
import dev.luthier.platform.files.FileQuery;
import dev.luthier.platform.files.FileService;
import dev.luthier.platform.files.StoredFile;
import dev.luthier.platform.files.UploadRequest;
import dev.luthier.platform.idempotency.IdempotentCreations;
import dev.luthier.wire.api.CursorPage;
import dev.luthier.wire.api.DeletedFile;
import dev.luthier.wire.api.FileObject;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/// `/v1/files`.
public final class FileResource {

  /// Old clients read one page and never ask for a second, so the default is the maximum.
  private static final int LIMIT_MAX = 10_000;

  private final FileService files;
  private final UploadReader uploads;
  private final IdempotentCreations creations;

  public FileResource(FileService files, UploadReader uploads, IdempotentCreations creations) {
    this.files = files;
    this.uploads = uploads;
    this.creations = creations;
  }

  void upload(Context context) throws IOException {
    try (var form = uploads.read(context)) {
      var file = form.file("file").orElseThrow(() -> ApiException.missing("file"));
      var purpose = form.field("purpose").orElseThrow(() -> ApiException.missing("purpose"));
      var expiry = expiry(form);
      var key = IdempotencyKey.of(context);
      var request =
          key.isEmpty()
              ? ""
              : String.join("\n", file.name(), purpose, expiry.toString(), file.sha256());
      var stored =
          creations.slowly(
              key,
              request,
              new IdempotentCreations.Thing<>(
                  "file", () -> store(file, purpose, expiry), StoredFile::id, files::get));
      Answers.json(context, object(stored));
    }
  }

  private StoredFile store(UploadedFile file, String purpose, OptionalLong expiry) {
    try (var content = file.open()) {
      return files.upload(new UploadRequest(file.name(), purpose, content, expiry));
    } catch (IOException e) {
      throw new UncheckedIOException("the upload cannot be read again", e);
    }
  }

  void list(Context context) {
    var query =
        new FileQuery(
            PageQuery.oneOf(context, "purpose", purposes()).flatMap(FilePurpose::of),
            PageQuery.oneOf(context, "order", List.of("asc", "desc"))
                .map("desc"::equals)
                .orElse(true),
            PageQuery.read(context, LIMIT_MAX, LIMIT_MAX));
    var page = files.list(query);
    var data = page.data().stream().map(FileResource::object).toList();
    Answers.json(context, CursorPage.of(data, FileObject::id, page.hasMore()));
  }

  void get(Context context) {
    Answers.json(context, object(files.get(context.pathParam("id"))));
  }

  void delete(Context context) {
    var id = context.pathParam("id");
    files.delete(id);
    Answers.json(context, new DeletedFile(id));
  }

  /// The bytes as they are stored. Javalin closes the stream when it is sent.
  void content(Context context) {
    var content = files.open(context.pathParam("id"));
    context.contentType("application/octet-stream");
    context.header("content-disposition", ContentDisposition.attachment(content.file().filename()));
    context.result(content.stream());
  }

  private static OptionalLong expiry(UploadForm form) throws IOException {
    var anchor = form.field("expires_after[anchor]");
    var seconds = form.field("expires_after[seconds]");
    if (anchor.isEmpty() && seconds.isEmpty()) {
      return OptionalLong.empty();
    }
    var anchors = List.of("created_at");
    var given = anchor.orElseThrow(() -> ApiException.missing("expires_after[anchor]"));
    if (!anchors.contains(given)) {
      throw ApiException.invalidValue("expires_after[anchor]", given, anchors);
    }
    var text = seconds.orElseThrow(() -> ApiException.missing("expires_after[seconds]"));
    if (!text.matches("-?[0-9]{1,18}")) {
      throw ApiException.invalidType("expires_after[seconds]", "an integer", "a string");
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  private static List<String> purposes() {
    return Arrays.stream(FilePurpose.values()).map(FilePurpose::text).toList();
  }

  static FileObject object(StoredFile file) {
    return new FileObject(
        "file",
        file.id(),
        file.purpose().text(),
        file.filename(),
        file.bytes(),
        file.createdAt().getEpochSecond(),
        file.expiresAt().map(Instant::getEpochSecond),
        file.status().text(),
        file.statusDetails());
  }
}
