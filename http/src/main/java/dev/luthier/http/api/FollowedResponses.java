package dev.luthier.http.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The responses in the background that can be followed: those that are being made, and the latest
/// that have ended, so that a client whose connection broke off can go on reading. Safe for many
/// threads.
final class FollowedResponses {
  private static final int ENDED_MAX = 32;

  private final Map<String, FollowedResponse> running = new LinkedHashMap<>();
  private final SequencedMap<String, FollowedResponse> ended = new LinkedHashMap<>();

  synchronized FollowedResponse begin(String id) {
    var followed = new FollowedResponse();
    running.put(id, followed);
    return followed;
  }

  synchronized Optional<FollowedResponse> find(String id) {
    return Optional.ofNullable(running.getOrDefault(id, ended.get(id)));
  }

  /// Ends one, whose events are kept until newer ones have ended. Others than those that were begun
  /// are none of its business.
  synchronized void end(String id) {
    var followed = running.remove(id);
    if (followed == null) {
      return;
    }
    followed.end();
    ended.put(id, followed);
    if (ended.size() > ENDED_MAX) {
      ended.pollFirstEntry();
    }
  }

  /// Forgets one.
  synchronized void forget(String id) {
    end(id);
    ended.remove(id);
  }
}
