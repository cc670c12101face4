package dev.luthier.platform.data;

import dev.luthier.platform.data.DataReport.DataFinding;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.files.BlobStore;
import dev.luthier.platform.files.FileService;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.ModelService;
import dev.luthier.platform.models.ResolvedModel;
import dev.luthier.text.MessagesException;
import dev.luthier.text.ModelText;
import dev.luthier.text.TokenPieces;
import dev.luthier.text.rows.Conversation;
import dev.luthier.text.rows.Finding;
import dev.luthier.text.rows.FindingCode;
import dev.luthier.text.rows.RowFile;
import dev.luthier.text.rows.RowMend;
import dev.luthier.text.rows.RowRules;
import dev.luthier.text.rows.SeenRow;
import dev.luthier.text.rows.Severity;
import dev.luthier.text.rows.Which;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Looks into files of training rows, by the tokenizer and template of the base that would be
/// trained: the same check and the same rendering that a job goes through. Safe for many threads.
public final class DataService {
  private static final int AT_ONCE = 2;
  private static final long PATIENCE_SECONDS = 30;
  private static final int TOKENS_SHOWN_MAX = 4000;
  private static final int TEXT_SHOWN_MAX = 2000;

  private final FileService files;
  private final BlobStore blobs;
  private final ModelService models;
  private final Semaphore turns = new Semaphore(AT_ONCE, true);

  public DataService(FileService files, BlobStore blobs, ModelService models) {
    this.files = files;
    this.blobs = blobs;
    this.models = models;
  }

  /// Checks a whole file. Takes as long as the file is large.
  ///
  /// @param method what is to train on the rows; reinforcement may lack its grader
  /// @param validation whether it is to be a validation file, which has no least number of rows
  /// @param training for a validation file, the training file beside it: rows in both are named
  public DataReport report(
      String fileId,
      String model,
      TrainingMethod method,
      boolean validation,
      Optional<String> training) {
    training.ifPresent(files::get);
    Which which = validation ? Which.VALIDATION : Which.TRAINING;
    return read(
        fileId,
        model,
        text -> {
          Optional<Path> beside =
              training.isEmpty() ? Optional.empty() : Optional.of(blobs.local(training.get()));
          return new DataCheck(blobs.local(fileId), fileId, method, which, beside).whole(text);
        });
  }

  /// Writes a mended copy of a file, and says what was changed.
  ///
  /// @param copy gets the bytes; the caller closes it
  public DataMend mend(String fileId, TrainingMethod method, OutputStream copy) {
    files.get(fileId);
    takeTurn();
    try {
      return DataMend.of(RowMend.mend(blobs.local(fileId), copy, RowKinds.of(method)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot mend the rows of " + fileId, e);
    } finally {
      turns.release();
    }
  }

  /// The name of a file, as it was uploaded.
  public String filename(String fileId) {
    return files.get(fileId).filename();
  }

  /// Some examples of a file, from the one with this number on.
  public List<DataRow> rows(
      String fileId, String model, TrainingMethod method, int from, int count) {
    RowRules rules = RowRules.of(fileId, Which.TRAINING, RowKinds.of(method));
    return read(
        fileId,
        model,
        text ->
            RowFile.page(blobs.local(fileId), rules, from, count).stream()
                .map(row -> row(text, row))
                .toList());
  }

  private static DataRow row(ModelText text, SeenRow row) {
    List<DataFinding> findings = row.findings().stream().map(DataFinding::of).toList();
    if (row.row().isEmpty()) {
      return unusable(row, findings);
    }
    try {
      return usable(text, row, row.row().get().conversations(), findings);
    } catch (MessagesException e) {
      String why = "Example " + row.example() + " cannot be used: " + e.getMessage();
      Finding refused =
          new Finding(
              row.line(), 0, row.example(), Severity.ERROR, FindingCode.ROW_REFUSED, why, Map.of());
      return unusable(row, List.of(DataFinding.of(refused)));
    }
  }

  private static DataRow usable(
      ModelText text, SeenRow row, List<Conversation> conversations, List<DataFinding> findings) {
    List<TokenPieces> pieces =
        conversations.stream().map(one -> TokenPieces.of(text, one, TOKENS_SHOWN_MAX)).toList();
    TokenPieces first = pieces.getFirst();
    return new DataRow(
        row.line(),
        row.example(),
        first.tokens(),
        first.trained(),
        first.cut(),
        texts(first),
        fates(first),
        Optional.empty(),
        Optional.of(conversations.getFirst().messages()),
        pieces.stream().skip(1).findFirst().map(DataService::other),
        findings);
  }

  private static DataRow.Other other(TokenPieces pieces) {
    return new DataRow.Other(
        pieces.tokens(), pieces.trained(), pieces.cut(), texts(pieces), fates(pieces));
  }

  private static List<String> texts(TokenPieces pieces) {
    return pieces.pieces().stream().map(TokenPieces.Piece::text).toList();
  }

  private static List<String> fates(TokenPieces pieces) {
    return pieces.pieces().stream()
        .map(piece -> piece.fate().name().toLowerCase(Locale.ROOT))
        .toList();
  }

  private static DataRow unusable(SeenRow row, List<DataFinding> findings) {
    String text = row.text();
    String shown = text.length() <= TEXT_SHOWN_MAX ? text : text.substring(0, TEXT_SHOWN_MAX) + "…";
    return new DataRow(
        row.line(),
        row.example(),
        0,
        0,
        0,
        List.of(),
        List.of(),
        Optional.of(shown),
        Optional.empty(),
        Optional.empty(),
        findings);
  }

  @FunctionalInterface
  private interface Reading<T> {
    T with(ModelText text) throws IOException;
  }

  private <T> T read(String fileId, String model, Reading<T> reading) {
    files.get(fileId);
    BaseModel base = base(model);
    takeTurn();
    try (ModelText text = ModelText.open(base.folder())) {
      return reading.with(text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the rows of " + fileId, e);
    } finally {
      turns.release();
    }
  }

  private void takeTurn() {
    try {
      if (!turns.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new ApiException(
            ErrorCode.UNAVAILABLE,
            AT_ONCE + " files are being read already. Try again in a moment.",
            Optional.empty());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(ErrorCode.UNAVAILABLE, "The server stops.", Optional.empty());
    }
  }

  private BaseModel base(String model) {
    return switch (models.resolve(model)) {
      case ResolvedModel.Callable callable -> callable.base();
      case ResolvedModel.Unknown unknown -> throw ApiException.noSuchModel(unknown.name());
    };
  }
}
