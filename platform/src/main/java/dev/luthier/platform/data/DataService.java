package dev.luthier.platform.data;

import dev.luthier.platform.data.DataReport.DataFinding;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.files.BlobStore;
import dev.luthier.platform.files.FileService;
import dev.luthier.platform.jobs.AutoHyperparameters;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.ModelService;
import dev.luthier.platform.models.ResolvedModel;
import dev.luthier.text.MessagesException;
import dev.luthier.text.ModelText;
import dev.luthier.text.TokenPieces;
import dev.luthier.text.rows.Finding;
import dev.luthier.text.rows.RowFailure;
import dev.luthier.text.rows.RowFile;
import dev.luthier.text.rows.RowMeasure;
import dev.luthier.text.rows.RowReport;
import dev.luthier.text.rows.RowRules;
import dev.luthier.text.rows.SeenRow;
import dev.luthier.text.rows.Severity;
import dev.luthier.text.rows.Which;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
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
  public DataReport report(String fileId, String model, boolean forValidation) {
    return read(
        fileId,
        model,
        text -> {
          RowRules rules = RowRules.supervised(fileId);
          var lengths = new RowLengths();
          RowMeasure measure = text.measure(text.contextLength());
          RowReport report =
              RowFile.check(blobs.local(fileId), rules, row -> lengths.count(measure.measure(row)));
          return report(
              report,
              forValidation ? Which.VALIDATION : Which.TRAINING,
              lengths.histogram(text.contextLength()));
        });
  }

  private static DataReport report(
      RowReport report, Which which, Optional<DataReport.Lengths> lengths) {
    Optional<Hyperparameters> auto =
        report.examples() == 0
            ? Optional.empty()
            : Optional.of(AutoHyperparameters.resolve(Hyperparameters.AUTO, report.examples()));
    return new DataReport(
        report.examples(),
        report.tokens(),
        report.trainedTokens(),
        report.findings().stream().map(DataService::finding).toList(),
        report.furtherErrors(),
        report.furtherWarnings(),
        report.failure(which).map(RowFailure::message),
        auto,
        lengths);
  }

  /// Some examples of a file, from the one with this number on.
  public List<DataRow> rows(String fileId, String model, int from, int count) {
    return read(
        fileId,
        model,
        text ->
            RowFile.page(blobs.local(fileId), RowRules.supervised(fileId), from, count).stream()
                .map(row -> row(text, row))
                .toList());
  }

  private static DataRow row(ModelText text, SeenRow row) {
    List<DataFinding> findings = row.findings().stream().map(DataService::finding).toList();
    if (row.row().isEmpty()) {
      return unusable(row, findings);
    }
    try {
      TokenPieces pieces = TokenPieces.of(text, row.row().get(), TOKENS_SHOWN_MAX);
      return new DataRow(
          row.line(),
          row.example(),
          pieces.tokens(),
          pieces.trained(),
          pieces.cut(),
          pieces.pieces().stream().map(TokenPieces.Piece::text).toList(),
          pieces.pieces().stream()
              .map(piece -> piece.fate().name().toLowerCase(Locale.ROOT))
              .toList(),
          Optional.empty(),
          Optional.of(row.row().get().messages()),
          findings);
    } catch (MessagesException e) {
      String why = "Example " + row.example() + " cannot be used: " + e.getMessage();
      return unusable(
          row, List.of(new DataFinding(row.line(), row.example(), true, "invalid_row", why)));
    }
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
        findings);
  }

  private static DataFinding finding(Finding finding) {
    return new DataFinding(
        finding.line(),
        finding.example(),
        finding.severity() == Severity.ERROR,
        finding.kind().name().toLowerCase(Locale.ROOT),
        finding.message());
  }

  @FunctionalInterface
  private interface Reading<T> {
    T with(ModelText text) throws IOException;
  }

  private <T> T read(String fileId, String model, Reading<T> reading) {
    files.get(fileId);
    BaseModel base = base(model);
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
    try (ModelText text = ModelText.open(base.folder())) {
      return reading.with(text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the rows of " + fileId, e);
    } finally {
      turns.release();
    }
  }

  private BaseModel base(String model) {
    return switch (models.resolve(model)) {
      case ResolvedModel.Callable callable -> callable.base();
      case ResolvedModel.Unknown unknown -> throw ApiException.noSuchModel(unknown.name());
    };
  }
}
