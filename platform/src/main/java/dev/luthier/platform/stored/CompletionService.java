package dev.luthier.platform.stored;

import dev.luthier.platform.MetadataRules;
import dev.luthier.platform.Page;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Keeps chat completions for thirty days, lists and deletes them. Safe for many threads.
public final class CompletionService {
  private static final Duration KEPT = Duration.ofDays(30);
  private final CompletionStore completions;
  private final Transactions transactions;
  private final Clock clock;

  public CompletionService(CompletionStore completions, Transactions transactions, Clock clock) {
    this.completions = completions;
    this.transactions = transactions;
    this.clock = clock;
  }

  /// Durable when this returns.
  public void keep(StoredCompletion completion) {
    completions.insert(completion);
  }

  public StoredCompletion get(String id) {
    return Optional.of(id)
        .filter(text -> text.matches(StoredCompletion.ID_PATTERN))
        .flatMap(completions::find)
        .filter(found -> !found.createdAt().isBefore(clock.instant().minus(KEPT)))
        .orElseThrow(() -> unknown(id));
  }

  public Page<StoredCompletion> list(CompletionQuery query) {
    purge();
    return completions
        .list(query)
        .map(rows -> Page.cut(rows, query.page().limit()))
        .orElseThrow(() ->
            ApiException.invalidValue(
                "after",
                query.page().after().orElse(""),
                "It is not the id of an entry of this list."));
  }

  /// Replaces all metadata.
  public StoredCompletion update(String id, Map<String, String> metadata) {
    MetadataRules.check(metadata);
    return transactions.call(() -> {
      StoredCompletion found = get(id);
      completions.setMetadata(id, metadata);
      return new StoredCompletion(
          id, found.createdAt(), found.model(), metadata, found.answer(), found.messages());
    });
  }

  public void delete(String id) {
    get(id);
    if (!completions.delete(id)) {
      throw unknown(id);
    }
  }

  /// Removes what is too old. Cheap when there is nothing.
  public void purge() {
    completions.purge(clock.instant().minus(KEPT));
  }

  private static ApiException unknown(String id) {
    return new ApiException(
        ErrorCode.NOT_FOUND,
        "No stored chat completion found: '%s'. Those made with 'store': true are kept, for %d days."
            .formatted(ApiException.shown(id), KEPT.toDays()),
        Optional.of("completion_id"));
  }
}
