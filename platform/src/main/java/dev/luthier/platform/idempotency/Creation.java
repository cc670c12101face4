package dev.luthier.platform.idempotency;

import java.time.Instant;

/// What a key has made.
///
/// @param kind of thing, such as `fine_tuning.job`; each has keys of its own
/// @param key as the client sent it
/// @param requestSha256 of the request that made it
/// @param made the id of the thing, or the whole of one that is kept nowhere else
public record Creation(
    String kind, String key, String requestSha256, String made, Instant createdAt) {}
