package dev.luthier.wire.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/// Who is told of events. Times are Unix seconds.
///
/// @param signingSecret left out but when it is made
public record WebhookEndpointObject(
    String id,
    String object,
    long createdAt,
    long updatedAt,
    String name,
    String url,
    List<String> eventTypes,
    String signingSecretHint,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Optional<String> signingSecret) {}
