package dev.luthier.platform.stored;

import java.time.Instant;

/// A response that is kept, with everything that was said before it, so that another one can go on
/// from here.
///
/// @param open whether it is still being made
/// @param answer the response as JSON
/// @param items what the model was given, earlier turns first, as a JSON array
public record StoredResponse(
    String id, Instant createdAt, boolean open, String answer, String items) {
  public static final String ID_PATTERN = "resp_[A-Za-z0-9]{16,40}";
}
