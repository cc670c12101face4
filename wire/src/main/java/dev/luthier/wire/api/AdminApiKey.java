package dev.luthier.wire.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/// A key, as OpenAI's administration lists it.
///
/// @param value the key itself, only in the answer that makes it
public record AdminApiKey(
    String object,
    String id,
    String name,
    String redactedValue,
    long createdAt,
    Optional<Long> expiresAt,
    Optional<Long> lastUsedAt,
    Owner owner,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> value) {

  /// Whose it is: there is one organisation, and its keys belong to it.
  public record Owner(
      String type, String object, String id, String name, long createdAt, String role) {}

  /// The answer to its end.
  public record Deleted(String id, String object, boolean deleted) {
    public Deleted(String id) {
      this(id, "organization.admin_api_key.deleted", true);
    }
  }
}
