package dev.luthier.platform.stored;

import dev.luthier.platform.Happenings;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Keeps responses for thirty days. Safe for many threads.
public final class ResponseService {
  private static final Duration KEPT = Duration.ofDays(30);
  private final ResponseStore responses;
  private final Happenings happenings;
  private final Transactions transactions;
  private final Clock clock;

  /// @param happenings hears of responses made in the background that end
  public ResponseService(
      ResponseStore responses, Happenings happenings, Transactions transactions, Clock clock) {
    this.responses = responses;
    this.happenings = happenings;
    this.transactions = transactions;
    this.clock = clock;
  }

  /// Durable when this returns.
  public void keep(StoredResponse response) {
    responses.insert(response);
  }

  public StoredResponse get(String id) {
    return find(id).orElseThrow(() -> unknown(id));
  }

  /// The response that another one wants to go on from.
  public StoredResponse previous(String id) {
    StoredResponse found =
        find(id)
            .orElseThrow(() ->
                new ApiException(
                    ErrorCode.PREVIOUS_RESPONSE_NOT_FOUND,
                    "Previous response with id '%s' not found.".formatted(ApiException.shown(id)),
                    Optional.of("previous_response_id")));
    if (found.open()) {
      throw new ApiException(
          ErrorCode.INVALID_REQUEST,
          "Previous response with id '%s' is still being made. Poll it until it is completed, then go on from it."
              .formatted(id),
          Optional.of("previous_response_id"));
    }
    return found;
  }

  /// Replaces the answer of a response that is being made; false when it has ended or was deleted.
  ///
  /// @param stillOpen whether it goes on being made
  public boolean change(String id, String answer, boolean stillOpen) {
    return transactions.call(() -> {
      boolean changed = responses.setAnswer(id, answer, stillOpen);
      if (changed && !stillOpen) {
        String status = JsonMapper.shared().readTree(answer).path("status").asString();
        happenings.happened("response." + status, id);
      }
      return changed;
    });
  }

  /// Those that have ended and are kept, the newest first.
  ///
  /// @param olderThan the one after which to go on; empty: from the newest on
  public List<StoredResponse> ended(Optional<StoredResponse> olderThan, int limit) {
    Instant oldest = clock.instant().minus(KEPT);
    return responses.ended(olderThan, limit).stream()
        .filter(found -> !found.createdAt().isBefore(oldest))
        .toList();
  }

  /// The ids of those that are being made, or were when the server stopped.
  public List<String> open() {
    return responses.open();
  }

  public void delete(String id) {
    get(id);
    if (!responses.delete(id)) {
      throw unknown(id);
    }
  }

  /// Removes what is too old. Cheap when there is nothing.
  public void purge() {
    responses.purge(clock.instant().minus(KEPT));
  }

  private Optional<StoredResponse> find(String id) {
    return Optional.of(id)
        .filter(text -> text.matches(StoredResponse.ID_PATTERN))
        .flatMap(responses::find)
        .filter(found -> !found.createdAt().isBefore(clock.instant().minus(KEPT)));
  }

  private static ApiException unknown(String id) {
    return new ApiException(
        ErrorCode.NOT_FOUND,
        "Response with id '%s' not found. Those made with 'store' (the default) are kept, for %d days."
            .formatted(ApiException.shown(id), KEPT.toDays()),
        Optional.of("response_id"));
  }
}
