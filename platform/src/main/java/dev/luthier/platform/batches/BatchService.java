package dev.luthier.platform.batches;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.MetadataRules;
import dev.luthier.platform.Page;
import dev.luthier.platform.PageRequest;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.files.FilePurpose;
import dev.luthier.platform.files.FileStore;
import dev.luthier.platform.files.StoredFile;
import java.time.Clock;
import java.util.Optional;

/// Takes orders for batches, lists and cancels them; a [BatchRunner] does what is ordered. Safe for
/// many threads.
public final class BatchService {
  private static final long INPUT_BYTES_MAX = 200L << 20;

  private final BatchStore batches;
  private final FileStore files;
  private final Transactions transactions;
  private final Identifiers identifiers;
  private final Clock clock;

  public BatchService(
      BatchStore batches,
      FileStore files,
      Transactions transactions,
      Identifiers identifiers,
      Clock clock) {
    this.batches = batches;
    this.files = files;
    this.transactions = transactions;
    this.identifiers = identifiers;
    this.clock = clock;
  }

  /// Durable when this returns; the lines of the file are checked later.
  public Batch create(CreateBatch order) {
    MetadataRules.check(order.metadata());
    return transactions.call(() -> {
      checkInput(order.inputFileId());
      var batch = Batch.ordered(identifiers.batch(), order, clock.instant());
      batches.insert(batch);
      return batch;
    });
  }

  /// Refuses a file that no batch can be ordered of, whatever its lines hold.
  public void checkInput(String fileId) {
    StoredFile file =
        Optional.of(fileId)
            .filter(text -> text.matches(StoredFile.ID_PATTERN))
            .flatMap(id -> files.find(id, clock.instant()))
            .orElseThrow(() ->
                refused(
                    "No such File object: %s. Upload the requests as a file of purpose 'batch' first."
                        .formatted(ApiException.shown(fileId)),
                    "input_file_id"));
    if (file.purpose() != FilePurpose.BATCH) {
      throw refused(
          "File %s has the purpose '%s'; a batch reads files of purpose 'batch'."
              .formatted(fileId, file.purpose().text()),
          "input_file_id");
    }
    if (file.bytes() > INPUT_BYTES_MAX) {
      throw refused(
          "File %s has %d bytes; the file of a batch may have %d. Make several batches of it."
              .formatted(fileId, file.bytes(), INPUT_BYTES_MAX),
          "input_file_id");
    }
  }

  public Batch get(String id) {
    return Optional.of(id)
        .filter(text -> text.matches(Batch.ID_PATTERN))
        .flatMap(batches::find)
        .orElseThrow(() ->
            new ApiException(
                ErrorCode.NOT_FOUND,
                "No batch found with id '%s'.".formatted(ApiException.shown(id)),
                Optional.of("batch_id")));
  }

  /// Newest first.
  public Page<Batch> list(PageRequest page) {
    return batches
        .list(page)
        .map(rows -> Page.cut(rows, page.limit()))
        .orElseThrow(() ->
            ApiException.invalidValue(
                "after",
                ApiException.shown(page.after().orElse("")),
                "It is not the id of an entry of this list."));
  }

  /// No further line is asked; what is answered already is written to the files.
  public Batch cancel(String id) {
    return transactions.call(() -> {
      Batch batch = get(id);
      if (batch.state().ended()) {
        throw refused(
            "Cannot cancel batch %s, whose status is '%s': it has ended."
                .formatted(id, batch.state().text()),
            "batch_id");
      }
      if (batch.state() == BatchState.CANCELLING) {
        return batch;
      }
      Batch cancelling = batch.entered(BatchState.CANCELLING, clock.instant());
      batches.update(cancelling);
      return cancelling;
    });
  }

  private static ApiException refused(String message, String param) {
    return new ApiException(ErrorCode.INVALID_REQUEST, message, Optional.of(param));
  }
}
