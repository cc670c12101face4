package dev.luthier.platform.webhooks;

import java.net.URI;
import java.util.List;

/// What a user sets of an endpoint.
public record WebhookSettings(String name, URI url, List<String> eventTypes) {
  public WebhookSettings {
    eventTypes = List.copyOf(eventTypes);
  }
}
