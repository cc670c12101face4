package dev.luthier.platform.models;

import java.time.Instant;

/// A model as `GET /models` shows it.
///
/// @param ownedBy `system` for bases, the organisation's slug for fine-tunes
public record ModelDescription(String id, Instant createdAt, String ownedBy) {}
